/// A small ROM in coreboot's format, made by hand: a flash map, then a CBFS.
public struct SampleROM: Sendable {
    public var files: [(name: String, content: [UInt8])] = [
        ("fallback/payload", [1, 1, 1]), ("sice/manager", [2, 2]), ("sice/next", [3]),
        ("bootblock", [4, 4, 4, 4]),
    ]
    /// coreboot's stages, behind the other files.
    public var stages: KeyValuePairs<String, [UInt8]> = [:]
    public var areaName = "COREBOOT"
    public var fileSystemSize = 0x3000

    public init() {}

    public var bytes: [UInt8] {
        var map = Array("__FMAP__".utf8) + [1, 1] + little(UInt64(0xFF80_0000)) + little(UInt32(0x4000))
        map += padded("FLASH") + little(UInt16(2))
        map += little(UInt32(0)) + little(UInt32(0x1000)) + padded("FMAP") + [0, 0]
        map += little(UInt32(0x1000)) + little(UInt32(fileSystemSize)) + padded(areaName) + [0, 0]
        map += [UInt8](repeating: 0xFF, count: 0x1000 - map.count)
        var fileSystem = files.reduce([]) { $0 + file($1.name, $1.content, type: SampleROM.type($1.name)) }
        fileSystem += stages.reduce([]) { $0 + file($1.key, $1.value, type: 0x11) }
        fileSystem += [UInt8](repeating: 0xFF, count: 0x3000 - fileSystem.count)
        return map + fileSystem
    }

    /// Payloads are of a type of their own.
    private static func type(_ name: String) -> Int {
        ["fallback/payload", "sice/next"].contains(name) ? 0x20 : 0x50
    }

    private func file(_ name: String, _ content: [UInt8], type: Int) -> [UInt8] {
        let name = Array(name.utf8) + [UInt8](repeating: 0, count: 40 - name.utf8.count)
        let header = Array("LARCHIVE".utf8) + big(content.count) + big(type) + big(0) + big(64)
        let file = header + name + content
        return file + [UInt8](repeating: 0xFF, count: (64 - file.count % 64) % 64)
    }

    private func padded(_ text: String) -> [UInt8] {
        Array(text.utf8) + [UInt8](repeating: 0, count: 32 - text.utf8.count)
    }

    private func big(_ value: Int) -> [UInt8] { little(UInt32(value)).reversed() }

    private func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        (0..<(T.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
    }
}

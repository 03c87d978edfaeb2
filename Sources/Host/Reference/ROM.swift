internal import CorebootFormats
internal import Crypto
public import Diagnostics
internal import SICEABI

/// A ROM in coreboot's format: a flash map and a CBFS.
public struct ROM: Sendable {
    /// Name of the flash map's area that holds the CBFS.
    private static let fileSystemArea = "COREBOOT"
    /// The stand-in ROM gives its flash map an area of this size, and measures all of it.
    private static let flashMapArea = 0x1000
    private static let maximumSize = 64 << 20

    private let bytes: [UInt8]
    private let path: String
    private let fileSystem: Range<Int>
    private let flashMapOffset: Int

    /// A file of the CBFS.
    public struct File: Equatable, Sendable {
        public let name: String
        public let type: UInt32
        public let size: Int
        public let digest: [UInt8]
    }

    /// Reads a ROM. Throws `fileMissing`, `romUnreadable`.
    public init(_ path: String) throws(ToolError) {
        try self.init(InputFile.read(path, limit: ROM.maximumSize, tooLarge: .romUnreadable), path: path)
    }

    /// - Parameter path: for messages.
    public init(_ bytes: [UInt8], path: String) throws(ToolError) {
        self.bytes = bytes
        self.path = path
        guard let map = ROM.findFlashMap(bytes) else {
            throw ToolError(.romUnreadable, "\(path): no flash map")
        }
        flashMapOffset = map
        let name = Array(ROM.fileSystemArea.utf8)
        do throws(ErrorCode) {
            let area = try FlashMap.find(name.span, in: bytes.span.extracting(map..<bytes.count))
            fileSystem = Int(area.offset)..<(Int(area.offset) + Int(area.size))
        } catch { throw ToolError(.romUnreadable, "\(path): no area \(ROM.fileSystemArea)") }
        guard fileSystem.upperBound <= bytes.count else {
            throw ToolError(.romUnreadable, "\(path): truncated")
        }
    }

    /// Flash maps start on a boundary of 64 bytes.
    private static func findFlashMap(_ bytes: [UInt8]) -> Int? {
        let signature = Array("__FMAP__".utf8)
        return stride(from: 0, to: max(0, bytes.count - FlashMap.headerSize), by: 64).first {
            bytes[$0..<($0 + signature.count)].elementsEqual(signature)
        }
    }

    /// The flash map's own area.
    var flashMap: [UInt8] {
        Array(bytes[flashMapOffset..<min(flashMapOffset + ROM.flashMapArea, bytes.count)])
    }

    /// All files, in the order of the flash. Throws `romUnreadable`.
    public func files() throws(ToolError) -> [File] {
        var files: [File] = []
        let image = bytes.span.extracting(fileSystem)
        do throws(ErrorCode) {
            var walker = CBFSWalker(image)
            while let file = try walker.next() {
                let name = bytes[fileSystem][(fileSystem.lowerBound + file.nameOffset)...].prefix(
                    file.nameLength)
                let start = fileSystem.lowerBound + file.dataOffset
                files.append(
                    File(
                        name: String(decoding: name, as: UTF8.self), type: file.type, size: file.dataSize,
                        digest: SHA256.hash(Array(bytes[start..<(start + file.dataSize)]))))
            }
        } catch { throw ToolError(.romUnreadable, path) }
        return files
    }

    /// Digest of a file's content as stored; nil when there is no such file. Throws `romUnreadable`.
    func digest(of name: String) throws(ToolError) -> [UInt8]? {
        try files().first { $0.name == name }?.digest
    }

    /// Digest of a file that must be there. Throws `romFileMissing`.
    func requiredDigest(of name: String) throws(ToolError) -> [UInt8] {
        guard let digest = try digest(of: name) else { throw ToolError(.romFileMissing, "\(path): \(name)") }
        return digest
    }
}

import FirmwareTables
import SICEABI
import Testing

/// Memory of a few kilobytes with files of known sizes.
struct ModelMemory: TableMemory {
    var bytes = [UInt8](repeating: 0, count: 0x2000)
    var files: [String: [UInt8]] = [:]
    var next: UInt64 = 0x100
    /// Bytes that were placed; an access outside of them is a fault of the loader.
    var placed: [Range<UInt64>] = []

    mutating func place(
        _ name: InlineArray<56, UInt8>, alignment: UInt32, zone: TableZone
    ) -> (address: UInt64, size: UInt32)? {
        var text = ""
        for index in 0..<56 where name[index] != 0 { text.unicodeScalars.append(UnicodeScalar(name[index])) }
        guard let contents = files[text] else { return nil }
        let address = (next + UInt64(alignment) - 1) / UInt64(alignment) * UInt64(alignment)
        guard address + UInt64(contents.count) <= 0x2000 else { return nil }
        for (index, byte) in contents.enumerated() { bytes[Int(address) + index] = byte }
        next = address + UInt64(contents.count)
        placed.append(address..<next)
        return (address, UInt32(contents.count))
    }

    func read(at address: UInt64) -> UInt8 {
        precondition(placed.contains { $0.contains(address) })
        return bytes[Int(address)]
    }

    mutating func write(_ byte: UInt8, at address: UInt64) {
        precondition(placed.contains { $0.contains(address) })
        bytes[Int(address)] = byte
    }
}

/// Builds scripts as QEMU does.
enum Script {
    static func allocate(_ file: String, alignment: UInt32 = 64, zone: UInt8 = 1) -> [UInt8] {
        pad(word(1) + name(file) + word(alignment) + [zone])
    }
    static func pointer(in target: String, to source: String, offset: UInt32, width: UInt8 = 4) -> [UInt8] {
        pad(word(2) + name(target) + name(source) + word(offset) + [width])
    }
    static func checksum(_ file: String, at offset: UInt32, start: UInt32, length: UInt32) -> [UInt8] {
        pad(word(3) + name(file) + word(offset) + word(start) + word(length))
    }
    static func word(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    private static func name(_ text: String) -> [UInt8] {
        Array(text.utf8) + [UInt8](repeating: 0, count: 56 - text.utf8.count)
    }
    private static func pad(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: 128 - bytes.count)
    }
}

@Suite struct TableLoaderTests {
    private func loader() -> TableLoader<ModelMemory> {
        var memory = ModelMemory()
        memory.files = [
            "root": [1, 2, 3, 0, 0x10, 0, 0, 0], "tables": [UInt8](repeating: 5, count: 100),
        ]
        return TableLoader(memory: memory)
    }

    private func error(_ script: [UInt8]) -> ErrorCode? {
        var loader = loader()
        do {
            try loader.run(script: script.span)
            return nil
        } catch {
            return error
        }
    }

    @Test func link_andCorrectChecksum() throws {
        var loader = loader()
        let script =
            Script.allocate("root", alignment: 16, zone: 2) + Script.allocate("tables")
            + Script.pointer(in: "root", to: "tables", offset: 4)
            + Script.checksum("root", at: 3, start: 0, length: 8) + [UInt8](repeating: 0, count: 128)
        try loader.run(script: script.span)
        let found = ["tables", "root", "tab"].map { loader.address(of: Array($0.utf8).span) }
        let (tables, root) = (try #require(found[0]), try #require(found[1]))
        #expect(found[2] == nil)
        let memory = loader.finish()
        let bytes = memory.bytes[Int(root)..<Int(root) + 8]
        #expect(Array(bytes.suffix(4)) == Script.word(UInt32(tables) + 0x10))
        #expect(bytes.reduce(0, &+) == 0)
        #expect(tables % 64 == 0)
    }

    @Test func reject_secondAllocationOfAFile() {
        #expect(error(Script.allocate("root") + Script.allocate("root")) == .bootNoACPI)
    }

    @Test(arguments: [
        Script.allocate("absent"), Script.allocate("root", alignment: 3), Script.allocate("root", zone: 3),
        Script.allocate("root", alignment: 1 << 31),
    ])
    func reject_badAllocation(_ script: [UInt8]) {
        #expect(error(script) == .bootNoACPI)
    }

    @Test(arguments: [
        Script.pointer(in: "root", to: "tables", offset: 5),
        Script.pointer(in: "root", to: "tables", offset: ~0),
        Script.pointer(in: "root", to: "absent", offset: 0),
        Script.pointer(in: "absent", to: "root", offset: 0),
        Script.pointer(in: "root", to: "tables", offset: 0, width: 3),
        Script.pointer(in: "root", to: "tables", offset: 0, width: 1),
    ])
    func reject_badPointer(_ command: [UInt8]) {
        #expect(error(Script.allocate("root") + Script.allocate("tables") + command) == .bootNoACPI)
    }

    @Test(arguments: [
        Script.checksum("root", at: 8, start: 0, length: 8),
        Script.checksum("root", at: 0, start: 1, length: 8),
        Script.checksum("root", at: 0, start: ~0, length: ~0),
        Script.checksum("absent", at: 0, start: 0, length: 0),
    ])
    func reject_badChecksum(_ command: [UInt8]) {
        #expect(error(Script.allocate("root") + command) == .bootNoACPI)
    }

    @Test func survive_everyOneByteChange() {
        // Whatever a byte becomes, the loader reaches only what was placed (ModelMemory checks) and never traps.
        let script =
            Script.allocate("root", alignment: 16, zone: 2) + Script.allocate("tables")
            + Script.pointer(in: "root", to: "tables", offset: 4)
            + Script.checksum("root", at: 3, start: 0, length: 8)
        for index in script.indices {
            for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
                var changed = script
                changed[index] = value
                let result = error(changed)
                #expect(result == nil || result == .bootNoACPI)
            }
        }
    }
}

/// A static program and its manifest, to be built.
enum TinyProgram {
    static let manifest = #"{"schema": "sice.manifest/1", "name": "tiny", "program": "tiny.elf"}"#

    /// A static program of one instruction.
    static var bytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64 + 56 + 2)
        func put(_ value: UInt64, _ size: Int, at offset: Int) {
            for index in 0..<size {
                bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
            }
        }
        put(0x0001_0102_464C_457F, 8, at: 0)
        put(2, 2, at: 16)  // ET_EXEC
        put(62, 2, at: 18)  // EM_X86_64
        put(1, 4, at: 20)
        put(0x200000, 8, at: 24)
        put(64, 8, at: 32)
        for (offset, value) in [(52, 64), (54, 56), (56, 1), (58, 64)] { put(UInt64(value), 2, at: offset) }
        put(1, 4, at: 64)  // PT_LOAD
        put(5, 4, at: 68)
        for (offset, value) in [(72, 120), (80, 0x200000), (88, 0x200000), (96, 2), (104, 2), (112, 4096)] {
            put(UInt64(value), 8, at: offset)
        }
        bytes[120] = 0xEB
        bytes[121] = 0xFE
        return bytes
    }

    static func prepared() throws -> Workplace {
        let workplace = try Workplace()
        try workplace.write(manifest.utf8, to: "tiny.json")
        try workplace.write(bytes, to: "tiny.elf")
        return workplace
    }
}

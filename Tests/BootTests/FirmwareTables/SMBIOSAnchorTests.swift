import FirmwareTables
import SICEABI
import Testing

/// Entry points of SMBIOS, found and pointed elsewhere.
struct SMBIOSAnchorTests {
    /// Memory from an address on.
    private struct Memory: ACPIMemory {
        let base: UInt64
        var bytes: [UInt8]
        func read(_ address: UInt64) -> UInt8? {
            address >= base && address < base + UInt64(bytes.count) ? bytes[Int(address - base)] : nil
        }
        mutating func write(_ byte: UInt8, at address: UInt64) -> Bool {
            guard read(address) != nil else { return false }
            bytes[Int(address - base)] = byte
            return true
        }
    }

    private static let place: UInt64 = 0xF_0100

    private static func memory(long: Bool) -> Memory {
        var anchor = [UInt8](repeating: 0, count: long ? 24 : 31)
        anchor.replaceSubrange(0..<4, with: Array((long ? "_SM3" : "_SM_").utf8))
        if long {
            (anchor[4], anchor[6], anchor[7]) = (0x5F, 24, 3)
            (anchor[13], anchor[18], anchor[19]) = (0x02, 0xFE, 0x7F)
            anchor[5] = 0 &- anchor.reduce(0, &+)
        } else {
            (anchor[5], anchor[6], anchor[7]) = (31, 2, 8)
            anchor.replaceSubrange(16..<21, with: Array("_DMI_".utf8))
            (anchor[23], anchor[26], anchor[27]) = (0x02, 0xFE, 0x7F)
            anchor[21] = 0 &- anchor[16...].reduce(0, &+)
            anchor[4] = 0 &- anchor.reduce(0, &+)
        }
        var memory = Memory(base: 0xF_0000, bytes: [UInt8](repeating: 0, count: 0x1_0000))
        for (index, byte) in anchor.enumerated() { _ = memory.write(byte, at: place + UInt64(index)) }
        return memory
    }

    @Test(arguments: [false, true]) func repoint_keepsAllButTheAddress(_ long: Bool) throws {
        var memory = Self.memory(long: long)
        let anchor = try #require(SMBIOSAnchor.first(in: SMBIOSAnchor.searchRange, memory))
        #expect(anchor.pointer == Self.place)
        #expect(anchor.table == 0x7FFE_0000)
        #expect(anchor.size == 0x200)
        try anchor.repoint(to: 0x7BF8_1000, &memory)
        // Reading again checks the checksums; the short form has one inside the other.
        let again = try #require(SMBIOSAnchor(at: Self.place, memory))
        #expect(again.table == 0x7BF8_1000)
        #expect(again.size == anchor.size)
        if !long {
            let inner = memory.bytes[0x110..<0x11F].reduce(0, &+)
            #expect(inner == 0)
        }
    }

    @Test(arguments: [false, true]) func reject_wrongChecksum(_ long: Bool) {
        var memory = Self.memory(long: long)
        memory.bytes[0x110] &+= 1
        #expect(SMBIOSAnchor.first(in: SMBIOSAnchor.searchRange, memory) == nil)
    }

    @Test func reject_writeProtectedAnchor() throws {
        struct ReadOnly: ACPIMemory {
            let memory: Memory
            func read(_ address: UInt64) -> UInt8? { memory.read(address) }
            mutating func write(_ byte: UInt8, at address: UInt64) -> Bool { false }
        }
        var memory = ReadOnly(memory: Self.memory(long: false))
        let anchor = try #require(SMBIOSAnchor(at: Self.place, memory))
        #expect(throws: ErrorCode.bootNoACPI) { try anchor.repoint(to: 0x1000, &memory) }
    }
}

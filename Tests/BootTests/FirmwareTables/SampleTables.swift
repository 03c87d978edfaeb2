import FirmwareTables

/// Memory with tables in it, all of it below 64 KiB.
struct SampleTables: ACPIMemory {
    static let pointer: UInt64 = 0x100
    static let rsdt: UInt64 = 0x1000
    static let xsdt: UInt64 = 0x2000
    static let tpm2: UInt64 = 0x3000
    static let madt: UInt64 = 0x4000
    static let free: UInt64 = 0x8000

    var bytes = [UInt8](repeating: 0, count: 0x1_0000)
    var readOnly: Range<UInt64> = 0..<0

    func read(_ address: UInt64) -> UInt8? { address < UInt64(bytes.count) ? bytes[Int(address)] : nil }

    mutating func write(_ byte: UInt8, at address: UInt64) -> Bool {
        guard address < UInt64(bytes.count), !readOnly.contains(address) else { return false }
        bytes[Int(address)] = byte
        return true
    }

    init(revision: UInt8 = 2) {
        put(
            Self.tpm2,
            table("TPM2", [UInt8](repeating: 0, count: 28) + little(0x1_0000, 4) + little(0x9000, 8)))
        put(Self.madt, table("APIC", little(0xFEE0_0000, 4) + little(1, 4) + processors))
        put(Self.rsdt, table("RSDT", little(Self.tpm2, 4) + little(Self.madt, 4)))
        put(Self.xsdt, table("XSDT", little(Self.tpm2, 8) + little(Self.madt, 8)))
        var root = Array("RSD PTR ".utf8) + [0] + Array("TEST  ".utf8) + [revision] + little(Self.rsdt, 4)
        root[8] = checksum(root)
        if revision >= 2 {
            root += little(36, 4) + little(Self.xsdt, 8) + [0, 0, 0, 0]
            root[32] = checksum(root)
        }
        put(Self.pointer, root)
    }

    /// Two enabled cores, one disabled, an I/O APIC, an enabled x2APIC.
    private var processors: [UInt8] {
        [0, 8, 0, 0] + little(1, 4) + [0, 8, 1, 1] + little(1, 4) + [0, 8, 2, 2] + little(0, 4)
            + [1, 12] + [UInt8](repeating: 0, count: 10) + [9, 16, 0, 0] + little(300, 4) + little(1, 4)
            + little(0, 4)
    }

    mutating func put(_ address: UInt64, _ content: [UInt8]) {
        bytes.replaceSubrange(Int(address)..<(Int(address) + content.count), with: content)
    }
}

func table(_ signature: String, _ body: [UInt8]) -> [UInt8] {
    var bytes = Array(signature.utf8) + little(UInt64(36 + body.count), 4) + [1, 0]
    bytes += [UInt8](repeating: 0x20, count: 26) + body
    bytes[9] = checksum(bytes)
    return bytes
}

func little(_ value: UInt64, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
}

func checksum(_ bytes: [UInt8]) -> UInt8 { 0 &- bytes.reduce(0, &+) }

import SICEABI

/// The simulated machine's memory map.
public enum MachineLayout {
    public static let smramBase: UInt64 = 0x7C00_0000
    public static let smramSize: UInt64 = 64 << 20
    public static let poolBase: UInt64 = smramBase + (1 << 20)
    /// RAM that commands may name. There is other RAM too, and a hole between 0xC000_0000 and 4 GiB.
    public static let hostRanges: [(base: UInt64, count: UInt64)] = [
        (0x10_0000, 1 << 20), (0x1_0000_0000, 256 << 10), (communicationBase, 256 << 10),
    ]
    public static let communicationBase: UInt64 = 0x7B80_0000
    public static let managerDigest = [UInt8](repeating: 0xD1, count: 32)
    public static let version = Array("1.2.3".utf8) + [UInt8](repeating: 0, count: 11)

    /// Local APIC identifiers are not core numbers.
    public static func apicIdentifier(_ core: Int) -> UInt32 { UInt32(core * 2 + 16) }

    /// The structure that the payload would hand over.
    public static func handoff(poolPages: Int, cores: UInt32, flags: UInt32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: HandoffLayout.size)
        bytes.set(HandoffLayout.magicValue, at: HandoffLayout.magic)
        bytes.set(smramBase, at: HandoffLayout.tsegBase)
        bytes.set(smramSize, at: HandoffLayout.tsegSize)
        bytes.set(poolBase, at: HandoffLayout.poolBase)
        bytes.set(UInt64(poolPages), at: HandoffLayout.poolPages)
        bytes.set(UInt64(poolPages * 5), at: HandoffLayout.metadataSize)
        bytes.set(cores, at: HandoffLayout.coreCount)
        bytes.set(flags, at: HandoffLayout.flags)
        for core in 0..<8 {
            bytes.set(apicIdentifier(core), at: HandoffLayout.apicIdentifiers + core * 4)
        }
        bytes.replaceSubrange(
            HandoffLayout.managerDigest..<HandoffLayout.managerDigest + 32, with: managerDigest)
        bytes.set(communicationBase, at: HandoffLayout.communicationBase)
        bytes.set(hostRanges[2].count, at: HandoffLayout.communicationSize)
        bytes.set(UInt32(2), at: HandoffLayout.ramRangeCount)
        for index in 0..<2 {
            bytes.set(hostRanges[index].base, at: HandoffLayout.ramRanges + index * 16)
            bytes.set(hostRanges[index].count, at: HandoffLayout.ramRanges + index * 16 + 8)
        }
        return bytes
    }
}

extension [UInt8] {
    /// Stores a little-endian integer.
    public mutating func set<T: FixedWidthInteger>(_ value: T, at offset: Int) {
        for index in 0..<(T.bitWidth / 8) {
            self[offset + index] = UInt8(truncatingIfNeeded: value >> T(index * 8))
        }
    }
}

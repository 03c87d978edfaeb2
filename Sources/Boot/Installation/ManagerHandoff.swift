import ByteIO
public import SICEABI

/// What only the payload knows and the manager needs (``HandoffLayout``).
public struct ManagerHandoff: ~Copyable {
    /// ``HandoffFlags``.
    public var flags: UInt32 = 0
    /// What the payload found out about the platform.
    public var findings = PlatformFindings()
    /// Local APIC identifiers in core order.
    public var apicIdentifiers: InlineArray<8, UInt32> = .init(repeating: 0)
    /// SHA-256 of the `sice/manager` file.
    public var managerDigest: InlineArray<32, UInt8> = .init(repeating: 0)
    /// Random bytes of the TPM.
    public var entropy: InlineArray<64, UInt8> = .init(repeating: 0)
    public var communicationBase: UInt64 = 0
    public var communicationSize: UInt64 = 0
    private var ranges: InlineArray<16, UInt64> = .init(repeating: 0)
    private var sizes: InlineArray<16, UInt64> = .init(repeating: 0)
    private var rangeCount = 0

    public init() {}

    /// Adds a range of RAM that is not SMRAM. Throws `invalidArgument` when there is no room: a range left out
    /// silently would make good addresses fail later.
    public mutating func addRAM(base: UInt64, size: UInt64) throws(ErrorCode) {
        guard rangeCount < HandoffLayout.maximumRAMRanges else { throw .invalidArgument }
        ranges[rangeCount] = base
        sizes[rangeCount] = size
        rangeCount += 1
    }

    /// Stores the structure at `address` of SMRAM.
    func store<Memory: SMRAMMemory & ~Copyable>(
        at address: UInt64, plan: SMRAMPlan, into memory: inout Memory
    ) {
        var bytes = InlineArray<512, UInt8>(repeating: 0)
        var fields = bytes.mutableSpan
        fields.storeLittleEndian(HandoffLayout.magicValue, at: HandoffLayout.magic)
        fields.storeLittleEndian(plan.base, at: HandoffLayout.tsegBase)
        fields.storeLittleEndian(plan.size, at: HandoffLayout.tsegSize)
        fields.storeLittleEndian(plan.poolBase, at: HandoffLayout.poolBase)
        fields.storeLittleEndian(plan.poolPages, at: HandoffLayout.poolPages)
        fields.storeLittleEndian(plan.metadataBase, at: HandoffLayout.metadataBase)
        fields.storeLittleEndian(plan.metadataSize, at: HandoffLayout.metadataSize)
        fields.storeLittleEndian(plan.tablesBase, at: HandoffLayout.hostMapTables)
        fields.storeLittleEndian(UInt32(plan.coreCount), at: HandoffLayout.coreCount)
        fields.storeLittleEndian(flags, at: HandoffLayout.flags)
        fields.storeLittleEndian(findings.tried, at: HandoffLayout.postureTried)
        fields.storeLittleEndian(findings.present, at: HandoffLayout.posturePresent)
        for core in 0..<8 {
            fields.storeLittleEndian(apicIdentifiers[core], at: HandoffLayout.apicIdentifiers + core * 4)
        }
        for index in 0..<32 { fields[HandoffLayout.managerDigest + index] = managerDigest[index] }
        for index in 0..<64 { fields[HandoffLayout.entropy + index] = entropy[index] }
        fields.storeLittleEndian(communicationBase, at: HandoffLayout.communicationBase)
        fields.storeLittleEndian(communicationSize, at: HandoffLayout.communicationSize)
        fields.storeLittleEndian(UInt32(rangeCount), at: HandoffLayout.ramRangeCount)
        for index in 0..<rangeCount {
            fields.storeLittleEndian(ranges[index], at: HandoffLayout.ramRanges + index * 16)
            fields.storeLittleEndian(sizes[index], at: HandoffLayout.ramRanges + index * 16 + 8)
        }
        memory.store(fields.span, at: address)
    }
}

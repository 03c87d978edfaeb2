/// How a guest executes, from its VMCB: what it takes to read the instruction that it stopped at.
public struct GuestExecution: Equatable, Sendable {
    public var rip: UInt64
    public var cr0: UInt64
    public var cr3: UInt64
    public var cr4: UInt64
    /// EFER.
    public var efer: UInt64
    /// Attributes of the code segment as a VMCB packs them (AMD64 APM volume 2, appendix B): bit 9 is L.
    public var codeAttributes: UInt16

    public init(
        rip: UInt64, cr0: UInt64, cr3: UInt64, cr4: UInt64, efer: UInt64,
        codeAttributes: UInt16
    ) {
        self.rip = rip
        self.cr0 = cr0
        self.cr3 = cr3
        self.cr4 = cr4
        self.efer = efer
        self.codeAttributes = codeAttributes
    }

    /// 64-bit code under four levels of page tables: CR0.PG, CR4.PAE, EFER.LMA, CS.L, and CR4.LA57 clear.
    var is64Bit: Bool {
        cr0 >> 31 & 1 == 1 && cr4 & (1 << 5 | 1 << 12) == 1 << 5 && efer & 1 << 10 != 0
            && codeAttributes & 1 << 9 != 0
    }

    /// CR4.DE: DR4 and DR5 do not exist.
    var hasDebugExtensions: Bool { cr4 & 1 << 3 != 0 }
}

/// What a Linux guest may do with model-specific registers. Deny by default: a refused access is #GP(0) for the guest,
/// which every kernel is prepared for, and nothing else happens.
public enum MSRPolicy {
    public enum Rule: Equatable, Sendable {
        /// The guest's own: VMLOAD and VMSAVE switch it (AMD64 APM volume 2, §15.5.2). No exit.
        case own
        /// EFER, of which the guest sees and changes only ``efer(_:writing:)``.
        case efer
        /// Reads as this value; writes are refused.
        case reads(UInt64)
        /// Refused.
        case denied
    }

    public static func rule(_ register: UInt32) -> Rule {
        switch register {
        case 0x174...0x176,  // SYSENTER_CS, _ESP, _EIP
            0xC000_0081...0xC000_0084,  // STAR, LSTAR, CSTAR, SFMASK
            0xC000_0100...0xC000_0102:  // FS_BASE, GS_BASE, KERNEL_GS_BASE
            .own
        case 0xC000_0080: .efer
        case 0x08B: .reads(0)  // microcode revision
        case 0x0FE: .reads(0)  // MTRR capabilities: none
        case 0x179: .reads(0)  // machine check banks: none
        case 0x1A0: .reads(0)  // miscellaneous features: none
        case 0xC001_0015: .reads(1 << 24)  // HWCR: the time stamp counter runs at the nominal frequency
        case 0xC001_0140, 0xC001_0141: .reads(0)  // no workaround is known to be needed
        default: .denied
        }
    }

    // EFER (APM volume 2, §3.1.7).
    private static let systemCalls: UInt64 = 1 << 0
    private static let longMode: UInt64 = 1 << 8 | 1 << 10
    private static let noExecute: UInt64 = 1 << 11
    /// Set in every guest's EFER, because VMRUN demands it, and hidden from every guest.
    private static let virtualMachine: UInt64 = 1 << 12

    /// EFER as the guest reads it.
    public static func visibleEFER(_ efer: UInt64) -> UInt64 { efer & ~virtualMachine }

    /// EFER after the guest wrote `value`; nil when that is refused. Long mode stays on: a kernel that was entered in
    /// 64-bit mode has no reason to leave it.
    public static func efer(_ current: UInt64, writing value: UInt64) -> UInt64? {
        let changeable = systemCalls | noExecute
        // LMA follows the paging mode; the CPU ignores what is written there.
        guard (value ^ visibleEFER(current)) & ~(changeable | 1 << 10) == 0 else { return nil }
        return current & ~changeable | value & changeable
    }
}

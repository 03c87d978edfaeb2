internal import CMachine

/// The local APIC's way to send interrupts (Intel SDM vol. 3A, 11.6.1).
enum LocalAPIC {
    private static let base: UInt64 = 0xFEE0_0000
    private static let baseRegister: UInt32 = 0x1B

    /// Puts the window where the architecture has it after reset, in xAPIC mode.
    static func prepare() {
        let value = sice_rdmsr(baseRegister)
        sice_wrmsr(baseRegister, base | value & 0x100 | 0x800)
    }

    /// Identifier of the calling core.
    static var identifier: UInt32 { sice_read32(base + 0x20) >> 24 }

    /// INIT to every other core.
    static func sendInit() { send(0x000C_4500, to: 0) }

    /// INIT to one core.
    static func sendInit(to identifier: UInt32) { send(0x0000_4500, to: identifier) }

    /// Starts every other core at a page below 1 MiB.
    static func sendStartup(page: UInt64) {
        send(0x000C_4600 | UInt32(truncatingIfNeeded: page >> 12), to: 0)
    }

    /// Starts one core.
    static func sendStartup(page: UInt64, to identifier: UInt32) {
        send(0x0000_4600 | UInt32(truncatingIfNeeded: page >> 12), to: identifier)
    }

    /// Names the core that code outside Swift sends an interrupt to by the lower half of the command alone.
    static func aim(at identifier: UInt32) { sice_write32(base + 0x310, identifier << 24) }

    /// An SMI to one core.
    static func sendSMI(to identifier: UInt32) { send(0x0000_4200, to: identifier) }

    private static func send(_ command: UInt32, to identifier: UInt32) {
        sice_write32(base + 0x310, identifier << 24)
        sice_write32(base + 0x300, command)
        for _ in 0..<1_000_000 {
            if sice_read32(base + 0x300) & 0x1000 == 0 { return }
            sice_pause()
        }
    }
}

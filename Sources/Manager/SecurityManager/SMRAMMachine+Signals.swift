import CMachine
import CManager
import ManagerCore
import SICEABI

/// Signals between cores: SMI and NMI through the local APIC (AMD64 APM volume 2, §16.5).
extension SMRAMMachine {
    private enum APIC {
        static let baseRegister: UInt32 = 0x1B
        static let x2Command: UInt32 = 0x830
        static let commandLow: UInt64 = 0x300
        static let commandHigh: UInt64 = 0x310
        static let nonMaskable: UInt32 = 0x4400
        static let deliveryPending: UInt32 = 1 << 12
        /// Looks at the pending bit; a message leaves within microseconds.
        static let patience = 100_000
    }

    mutating func signal(_ core: CoreIndex, identifier: UInt32, _ signal: CoreSignal) throws(ErrorCode) {
        let access = try LocalAPICAccess(baseRegister: sice_rdmsr(APIC.baseRegister))
        unsafe sice_write32(UInt64(UInt(bitPattern: attention(of: core))), 1)
        // Physical destination, edge; delivery mode SMI or NMI.
        let command: UInt32 = signal == .systemManagement ? 0x4200 : APIC.nonMaskable
        deliver(command, to: identifier, access)
    }

    private func deliver(_ command: UInt32, to identifier: UInt32, _ access: LocalAPICAccess) {
        switch access {
        case .registers: sice_wrmsr(APIC.x2Command, UInt64(identifier) << 32 | UInt64(command))
        case .page(let registers): send(command, to: identifier, registers)
        }
    }

    /// The host may be between its own two writes of the command, so the high half is put back (I6).
    private func send(_ command: UInt32, to identifier: UInt32, _ registers: LocalAPICPage) {
        let page = map(registers)
        let high = sice_read32(page + APIC.commandHigh)
        Self.awaitDelivery(page)
        sice_write32(page + APIC.commandHigh, identifier << 24)
        sice_write32(page + APIC.commandLow, command)
        Self.awaitDelivery(page)
        sice_write32(page + APIC.commandHigh, high)
        unmap()
    }

    private static func awaitDelivery(_ page: UInt64) {
        for _ in 0..<APIC.patience {
            if sice_read32(page + APIC.commandLow) & APIC.deliveryPending == 0 { return }
            sice_pause()
        }
    }

    /// Sends this core itself an NMI. Masked NMIs wait: the host gets it after RSM. One that moved its local APIC away
    /// loses it.
    func repeatNMI() {
        guard let access = try? LocalAPICAccess(baseRegister: sice_rdmsr(APIC.baseRegister)) else { return }
        let identifier = access == .registers ? sice_cpuid(0xB, 0).edx : sice_cpuid(1, 0).ebx >> 24
        deliver(APIC.nonMaskable, to: identifier, access)
    }

    private func attention(of core: CoreIndex) -> UnsafeMutableRawPointer {
        let block = smramBase &+ UInt64(truncatingIfNeeded: core.index) &* SMRAMLayout.coreBlockStride
        return unsafe Self.pointer(toPhysical: block &+ SMRAMLayout.coreDataPage)
            .advanced(by: CoreDataLayout.attention)
    }

    mutating func takeAttention() -> Bool {
        let flag = unsafe UInt64(UInt(bitPattern: attention(of: core)))
        guard sice_read32(flag) != 0 else { return false }
        sice_write32(flag, 0)
        return true
    }

    mutating func pause() { sice_pause() }
    mutating func sleepUntilSignal() { sice_take_signal(1) }
}

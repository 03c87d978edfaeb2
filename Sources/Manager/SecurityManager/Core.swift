import ManagerCore
import SICEABI

/// The core that executes, as its data page shows it (``CoreDataLayout``), and its host registers in the save
/// state (AMD64 APM volume 2, table 10-1).
@safe
struct Core: ~Copyable {
    /// Virtual address of the data page.
    let data: UnsafeMutableRawPointer

    var index: CoreIndex {
        unsafe CoreIndex(remainderOf: data.load(fromByteOffset: CoreDataLayout.core, as: UInt32.self))
    }

    /// Owner value in the manager's lock.
    var lockOwner: UInt32 { UInt32(truncatingIfNeeded: index.index) + 1 }

    /// A fault handler that faulted itself leaves this set.
    var hasOpenFault: Bool {
        unsafe data.load(fromByteOffset: CoreDataLayout.faultDepth, as: UInt32.self) != 0
    }

    func closeFault() {
        unsafe data.storeBytes(of: 0, toByteOffset: CoreDataLayout.faultDepth, as: UInt32.self)
    }

    /// Another core raised this one's flag: it may have been launched.
    var hasAttention: Bool {
        unsafe data.load(fromByteOffset: CoreDataLayout.attention, as: UInt32.self) != 0
    }

    /// It runs, or ran when it was thrown out of SMM, in multi-core mode.
    var isIsolated: Bool {
        unsafe data.load(fromByteOffset: CoreDataLayout.isolated, as: UInt32.self) != 0
    }

    func setIsolated(_ isIsolated: Bool) {
        unsafe data.storeBytes(of: isIsolated ? 1 : 0, toByteOffset: CoreDataLayout.isolated, as: UInt32.self)
    }

    private enum Saved {
        static let rax = 0xFFF8
        static let rcx = 0xFFF0
        static let rdx = 0xFFE8
        static let rbx = 0xFFE0
        static let rsi = 0xFFC8
        static let rdi = 0xFFC0
        static let r8 = 0xFFB8
        /// I/O word.
        static let portAccess = 0xFEC0
    }

    private func saved(_ offset: Int) -> UnsafeMutableRawPointer {
        unsafe data.advanced(by: offset - Int(SMRAMLayout.coreDataPage))
    }

    /// Whether the SMI is a command for the manager.
    var hasRequest: Bool { unsafe saved(Saved.rax).load(as: UInt64.self) == ABI.requestMagic }

    /// The registers that a command reads.
    @inline(__always)
    var hostRegisters: HostRegisters {
        unsafe HostRegisters(
            rax: saved(Saved.rax).load(as: UInt64.self), rbx: saved(Saved.rbx).load(as: UInt64.self),
            rcx: saved(Saved.rcx).load(as: UInt64.self), rdx: saved(Saved.rdx).load(as: UInt64.self),
            rsi: saved(Saved.rsi).load(as: UInt64.self), rdi: saved(Saved.rdi).load(as: UInt64.self),
            r8: saved(Saved.r8).load(as: UInt64.self),
            access: PortAccess(saved(Saved.portAccess).load(as: UInt32.self)))
    }

    /// Changes what RSM gives back to the host. Inline: as an argument of a call they would be copied once more.
    @inline(__always)
    func setHostRegisters(_ registers: HostRegisters) {
        unsafe saved(Saved.rax).storeBytes(of: registers.rax, as: UInt64.self)
        unsafe saved(Saved.rbx).storeBytes(of: registers.rbx, as: UInt64.self)
        unsafe saved(Saved.rcx).storeBytes(of: registers.rcx, as: UInt64.self)
        unsafe saved(Saved.rdx).storeBytes(of: registers.rdx, as: UInt64.self)
        unsafe saved(Saved.rsi).storeBytes(of: registers.rsi, as: UInt64.self)
        unsafe saved(Saved.rdi).storeBytes(of: registers.rdi, as: UInt64.self)
    }

    /// Answers a request with an error: only RAX changes, and of an SMI that was no request not even that (I6).
    func refuse(_ error: ErrorCode) {
        guard hasRequest else { return }
        let answer = ABI.responseMagic | UInt64(error.rawValue)
        unsafe saved(Saved.rax).storeBytes(of: answer, as: UInt64.self)
    }
}

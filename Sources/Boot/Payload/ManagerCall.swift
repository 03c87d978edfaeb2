internal import CMachine
internal import SICEABI

/// A command to the security manager from the payload.
struct ManagerCall {
    private(set) var registers = sice_smi_registers()

    /// Raises the SMI. `area` is the communication area. Throws what the manager answered, `noManager` when nothing did.
    init(
        _ command: Command, in area: UInt64, argument: UInt64 = 0, _ second: UInt64 = 0, _ third: UInt64 = 0
    ) throws(ErrorCode) {
        registers.rax = ABI.requestMagic
        registers.rbx = command.rawValue
        registers.rcx = argument
        registers.rdx = second
        registers.rsi = third
        // Nobody else runs yet who could guess it.
        let word = sice_rdtsc() | 1
        let words = UInt(area) + UInt(CommunicationArea.requestWords)
        unsafe sice_authorize(UnsafeMutablePointer(bitPattern: words), word, &registers)
        guard unsafe sice_raise_smi(&registers) == 0, registers.rax & ~0xFFFF == ABI.responseMagic else {
            throw .noManager
        }
        let code = UInt16(truncatingIfNeeded: registers.rax)
        guard code != 0 else { return }
        throw ErrorCode(rawValue: code) ?? .managerFault
    }
}

import ByteIO
import GuestPolicy
import IsolatedImage
import SICEABI

/// What an isolated workload may ask for. Arguments and results are registers: no guest pointer is followed.
extension Manager where Machine: ~Copyable {
    /// Serves the VMMCALL that the guest in `slot` stopped at.
    mutating func serveCall(
        _ context: GuestExitContext, _ registers: inout HostRegisters, machine: inout Machine
    ) -> ManagerStep {
        let slot = context.slot
        guard let service = Service(rawValue: machine.register(.rax, of: slot)) else {
            guard environments[slot].kind == .bareProgram || machine.cpl(of: slot) == 0 else {
                machine.raise(.undefinedInstruction, in: slot)
                return reenter(slot)
            }
            let number = machine.register(.rax, of: slot)
            let code = CrashCode.unknownService
            return crash(context, code, number, &registers, machine: &machine)
        }
        guard mayCall(service, slot, machine: machine) else {
            machine.raise(.undefinedInstruction, in: slot)
            return reenter(slot)
        }
        machine.skipCall(of: slot)
        let first = machine.register(.rbx, of: slot)
        switch service {
        case .yield:
            return yield(context, first, &registers, machine: &machine)
        case .exit:
            return exit(context, status: first, &registers, machine: &machine)
        case .random:
            result(slot, giveRandom(slot, machine: &machine), machine: &machine)
        case .setWorkloadData:
            setWorkloadData(slot, machine: machine)
            result(slot, nil, machine: &machine)
        case .window:
            result(slot, giveWindow(slot, first, machine: &machine), machine: &machine)
        case .doorbell:
            result(slot, nil, machine: &machine)
            return report(ExitReport(.doorbell, first), context, &registers, machine: &machine)
        }
        return reenter(slot)
    }

    /// Programs under a guest's kernel speak for themselves only, not for the environment.
    private mutating func mayCall(
        _ service: Service, _ slot: Slot, machine: borrowing Machine
    ) -> Bool {
        environments[slot].kind == .bareProgram || service == .doorbell
            || machine.cpl(of: slot) == 0
    }

    private mutating func result(
        _ slot: Slot, _ error: ErrorCode?, machine: inout Machine
    ) {
        machine.setRegister(.rax, of: slot, to: UInt64(error?.rawValue ?? 0))
    }

    private mutating func giveRandom(_ slot: Slot, machine: inout Machine)
        -> ErrorCode?
    {
        var bytes = InlineArray<32, UInt8>(repeating: 0)
        do throws(ErrorCode) {
            var span = bytes.mutableSpan
            try machine.random(into: &span)
        } catch {
            return error
        }
        var words = InlineArray<4, UInt64>(repeating: 0)
        for index in 0..<32 { words[index / 8] = words[index / 8] << 8 | UInt64(bytes[index]) }
        machine.setRegister(.rbx, of: slot, to: words[0])
        machine.setRegister(.rcx, of: slot, to: words[1])
        machine.setRegister(.rdx, of: slot, to: words[2])
        machine.setRegister(.rsi, of: slot, to: words[3])
        return nil
    }

    private mutating func setWorkloadData(_ slot: Slot, machine: borrowing Machine) {
        environments[slot].workloadData[0] = machine.register(.rbx, of: slot)
        environments[slot].workloadData[1] = machine.register(.rcx, of: slot)
        environments[slot].workloadData[2] = machine.register(.rdx, of: slot)
        environments[slot].workloadData[3] = machine.register(.rsi, of: slot)
        environments[slot].workloadData[4] = machine.register(.rdi, of: slot)
        environments[slot].workloadData[5] = machine.register(.r8, of: slot)
        environments[slot].workloadData[6] = machine.register(.r9, of: slot)
        environments[slot].workloadData[7] = machine.register(.r10, of: slot)
    }

    private mutating func giveWindow(
        _ slot: Slot, _ number: UInt64, machine: inout Machine
    ) -> ErrorCode? {
        guard number < UInt64(environments[slot].windowCount) else { return .windowNotDeclared }
        let index = Int(truncatingIfNeeded: number)
        let window = ImageHeader(validated: machine.bytes(of: environments[slot].header)).window(index)
        machine.setRegister(.rbx, of: slot, to: window.address)
        machine.setRegister(.rcx, of: slot, to: window.pages &* ABI.pageSize)
        return nil
    }
}

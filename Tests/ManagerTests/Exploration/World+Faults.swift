import SICEABI
import Simulation

@testable import ManagerCore

extension World {
    /// Does what an action says until the manager calls the machine for the n-th time, and there is a fault. False when it calls less
    /// often.
    func fault(in action: ManagerAction, call: Int) throws(ErrorCode) -> Bool {
        // The manager is a stored property of this object, so that it keeps its place.
        let place = unsafe withUnsafeBytes(of: &manager) { unsafe $0 }
        let onlooker = unsafe Onlooker(calls: call, manager: place)
        machine.onlooker = onlooker
        _ = try perform(action)
        machine.onlooker = nil
        guard let torn = onlooker.torn else { return false }
        unsafe withUnsafeMutableBytes(of: &manager) { unsafe $0.copyBytes(from: torn.manager) }
        machine = torn.machine
        manager.fail(code: 13, address: 0x40_0000, machine: &machine)
        return true
    }

    /// What a fault must not leave, wherever it was.
    func findingAfterFault() -> String? {
        guard manager.isFaulted else { return "the fault was forgotten" }
        if manager.hasReportKey || machine.base.hasKey { return "the key outlives a fault" }
        for slot in 0..<ABI.maximumEnvironments where manager.environments[slot].isAlive {
            return "environment \(slot) is \(manager.environments[slot].state) after a fault"
        }
        return answerFinding()
    }

    /// Every command is tried on what is left: reading is answered, nothing else is, and nothing traps.
    private func answerFinding() -> String? {
        let isReading: [(command: Command, isRead: Bool)] = [
            (.info, true), (.status, true), (.readLog, true), (.logBase, true), (.create, false),
            (.run, false), (.report, false), (.destroy, false), (.install, false), (.lock, false),
        ]
        for (command, isRead) in isReading {
            var bytes = [UInt8](repeating: 0, count: 8)
            bytes.set(Self.word, at: 0)
            write(bytes, at: Simulation.place(ofWord: Self.word))
            var request = HostRequest(command)
            request.rcx = command == .logBase ? Place.output : 0
            request.rdx = Place.output
            var registers = request.registers(word: Self.word)
            let step = manager.handle(&registers, on: 0, machine: &machine)
            guard step == .resumeHost else { return "\(command) entered a guest after a fault" }
            let isRefused = registers.rax == ABI.responseMagic | UInt64(ErrorCode.managerFault.rawValue)
            if isRefused == isRead { return "\(command) after a fault: \(registers.rax & 0xFFFF)" }
        }
        return nil
    }
}

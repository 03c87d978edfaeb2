import SICEABI
import Simulation

@testable import ManagerCore

// I1, I5, I6, I10: what the host sees and what the manager touches of it.
extension Transition {
    /// I1: nothing but RAM, nothing twice, and written only where the action wants an answer.
    var hostMemoryFinding: String? {
        if let stray = seen.strays.first {
            return "\(String(stray.address, radix: 16)) is no RAM of the host"
        }
        if request?.isBadAddress == true, isAccepted { return "a bad address was accepted" }
        let commandReads = seen.reads.filter { !Self.isExchange($0) }
        for (index, read) in commandReads.enumerated() {
            for other in commandReads[..<index] where overlap(read, other) { return "a byte was read twice" }
        }
        for write in seen.writes where !isExpected(write) {
            return "\(write.count) bytes were written at \(String(write.address, radix: 16))"
        }
        return nil
    }

    private func overlap(_ left: HostRange, _ right: HostRange) -> Bool {
        left.address < right.address + right.count && right.address < left.address + left.count
    }

    private static func isExchange(_ range: HostRange) -> Bool {
        range.address >= Place.exchange(0) && range.address + range.count <= Place.exchange(2)
    }

    private func isExpected(_ write: HostRange) -> Bool {
        if Self.isExchange(write) { return true }
        let words = Simulation.Place.window + UInt64(CommunicationArea.requestWords)
        let places = (request?.outputs ?? []) + [(words, CommunicationArea.requestWordCount * 8)]
        return places.contains {
            write.address >= $0.address && write.address + write.count <= $0.address + $0.count
        }
    }

    /// I5: no register of a guest comes out, in registers or in the exchange page, but what the exit is about.
    var exitFinding: String? {
        let registers = [answered.rbx, answered.rcx, answered.rdx, answered.rsi, answered.rdi]
        for value in registers where Self.isSecret(value) {
            return "a register of the guest is in the host's registers"
        }
        for write in seen.writes where Self.isExchange(write) {
            let bytes = Array(world.read(write.address, Int(write.count)))
            for offset in stride(from: 0, to: bytes.count - 7, by: 4) where Self.isSecret(bytes, offset) {
                return "a register of the guest is in the exchange page"
            }
        }
        return nil
    }

    private static func isSecret(_ value: UInt64) -> Bool { value & ~0xFF == World.secret(0) & ~0xFF }

    private static func isSecret(_ bytes: [UInt8], _ offset: Int) -> Bool {
        isSecret((0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[offset + $1]) << UInt64($1 * 8) })
    }

    /// I6: a register changes only when the command's row says so.
    var registerFinding: String? {
        var expected = asked
        expected.rax = answered.rax
        for register in changeable { expected[keyPath: register] = answered[keyPath: register] }
        guard expected != answered else { return rax }
        return "registers changed that no row names"
    }

    private var rax: String? {
        guard answered.rax != asked.rax else { return nil }
        switch action {
        case .request: return nil
        case .exit where before.cores[core ?? 0].place == .guest: return nil
        default: return "RAX changed without a request"
        }
    }

    private typealias Register = WritableKeyPath<HostRegisters, UInt64>

    /// Registers besides RAX that the answer may change.
    private var changeable: [Register] {
        if case .exit = action, let core, before.cores[core].place == .guest {
            let isLinux = before.cores[core].guest.map { before.slots[$0].isLinux } ?? false
            // A fault tells nothing.
            guard UInt16(truncatingIfNeeded: answered.rax) == 0 else { return [] }
            return [\.rbx, \.rcx, \.rdx] + (isLinux ? [\.rsi, \.rdi] : [])
        }
        guard answer == 0, let command else { return [] }
        switch command {
        case .info: return [\.rbx, \.rcx, \.rdx, \.rsi, \.rdi]
        case .create, .load, .seal, .attach, .destroy, .report, .readLog, .status, .stop: return [\.rbx]
        case .logBase: return [\.rbx, \.rcx]
        case .run, .reportKey, .launch, .kick, .install, .lock: return []
        }
    }

    /// I10: no signal goes through registers that were moved, and nothing changes that would have needed one.
    var movedRegisterFinding: String? {
        guard let request, request.apicBase != ObservedMachine.usualAPICBase else { return nil }
        if seen.signals > 0 { return "a signal was sent through registers over SMRAM" }
        guard answer == ErrorCode.coreUnreachable.rawValue else { return nil }
        return before.key == after.key ? nil : "a signal that was not sent changed something"
    }
}

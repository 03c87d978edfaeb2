import Diagnostics
import GuestPolicy
import ManagerAccess
import ManagerCore
import SICEABI
import Simulation

/// The real manager on a simulated machine, reached through its communication area. A scripted workload stands
/// in for the guest: it sees its window and gives exits.
final class SimulatedConnection: ManagerConnection {
    let simulation: Simulation
    let areaBase = MachineLayout.communicationBase
    let areaSize = Int(MachineLayout.hostRanges[2].count)
    /// Called on each `RUN` with the input word; returns how the guest's slice ends.
    var guest: (UInt64, SimulatedConnection) -> [SimulatedExit] = { word, _ in [.yield(word)] }
    /// Called after each command: what other cores do meanwhile.
    var afterCommand: (UInt64) -> Void = { _ in }
    private(set) var commands: [UInt64] = []

    /// Called each time other processes get the manager, with how often they did before.
    var others: (Int) -> Void = { _ in }
    private(set) var turns = 0
    /// The environment that this process is in a conversation with, and those that others are in one with.
    private(set) var conversation: UInt32?
    var othersConversations: Set<UInt32> = []

    func letOthersIn() {
        defer { turns += 1 }
        others(turns)
    }

    func beginConversation(with environment: UInt32) throws(ToolError) {
        guard !othersConversations.contains(environment) else { throw ToolError(.managerTaken) }
        conversation = environment
    }

    func endConversation() { conversation = nil }

    func isConversing(_ environment: UInt32) -> Bool { othersConversations.contains(environment) }

    init() throws { simulation = try Simulation() }

    func send(_ request: ManagerRegisters) throws(ToolError) -> ManagerRegisters {
        commands.append(request.rbx)
        defer { afterCommand(request.rbx) }
        let exits = request.rbx == Command.run.rawValue ? guest(request.rdx, self) : []
        var answer = request
        do throws(ErrorCode) {
            let result = try simulation.call(
                HostRegisters(
                    rax: request.rax, rbx: request.rbx, rcx: request.rcx, rdx: request.rdx, rsi: request.rsi,
                    rdi: request.rdi), exits: exits)
            (answer.rax, answer.rbx, answer.rcx) = (result.rax, result.rbx, result.rcx)
            (answer.rdx, answer.rsi, answer.rdi) = (result.rdx, result.rsi, result.rdi)
        } catch { answer.rax = ABI.responseMagic | UInt64(error.rawValue) }
        return answer
    }

    func write(_ bytes: ArraySlice<UInt8>, at offset: Int) {
        simulation.write(Array(bytes), at: areaBase + UInt64(offset))
    }

    func read(_ count: Int, at offset: Int) -> [UInt8] { simulation.read(areaBase + UInt64(offset), count) }

    // MARK: An isolated core

    /// Called each time a guest on an isolated core goes on, with the host's last word.
    var isolatedGuest: (UInt64, SimulatedConnection) -> SimulatedExit = { word, _ in .yield(word) }
    /// Called before an isolated core goes on.
    var beforeStep: ((Int) -> Void)?
    /// The isolated core does nothing any more, whatever it is sent.
    var isolatedCoreHangs = false
    private static let core = 2
    private var step = ManagerStep.resumeHost

    /// While the host waits, the other core gets its SMI or goes on by one step.
    func pause(afterLooks looks: Int) {
        beforeStep?(looks)
        guard !isolatedCoreHangs else { return }
        precondition(looks < 5000, "nothing happens any more")
        simulation.machine.thisCore = Self.core
        switch step {
        case .resumeHost:
            var registers = HostRegisters()
            step = simulation.handle(&registers, on: Self.core)
        case .enterGuest, .enterIsolated: runIsolatedGuest()
        case .awaitAnswer(let exchange):
            let answer = exchange.wait(machine: &simulation.machine)
            step = simulation.manager.resume(answer, on: Self.core, machine: &simulation.machine)
        }
    }

    /// INIT: the isolated core is the host's again, and the manager does not know yet. Its next SMI comes from outside.
    func reset() { step = .resumeHost }

    private func runIsolatedGuest() {
        guard case .enterIsolated(let slot) = step else { return }
        let word = simulation.machine.guests[slot.index]?.registers[.rbx] ?? 0
        let exit = isolatedGuest(word, self)
        for (register, value) in exit.registers {
            simulation.machine.setRegister(register, of: slot, to: value)
        }
        var registers = HostRegisters()
        step = simulation.manager.finish(
            exit.exit, on: Self.core, registers: &registers, machine: &simulation.machine)
    }
}

/// What a workload would do with its mailbox: echoes data back and counts chunks.
struct EchoGuest {
    /// Offset of window 0 in the area.
    let window: Int
    var status: UInt32 = 0
    var received: [UInt8] = []
    var flags: [UInt32] = []

    mutating func handle(_ connection: SimulatedConnection) {
        let header = connection.read(64, at: window)
        let length = Int(littleEndian(header, MailboxLayout.length))
        flags.append(littleEndian(header, MailboxLayout.flags))
        let data = connection.read(length, at: window + MailboxLayout.data)
        received += data
        answer(data, connection)
    }

    func answer(_ data: [UInt8], _ connection: SimulatedConnection, length: UInt32? = nil, flags: UInt32 = 2)
    {
        var header = [UInt8](repeating: 0, count: 64)
        header.set(flags, at: MailboxLayout.flags)
        header.set(length ?? UInt32(data.count), at: MailboxLayout.length)
        header.set(status, at: MailboxLayout.status)
        connection.write(header[...], at: window)
        connection.write(data[...], at: window + MailboxLayout.data)
    }
}

func littleEndian(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32($1 * 8) }
}

/// The row of the table that a body throws, nil when it throws none.
func failure(_ body: () throws -> Void) -> ErrorCode? {
    do {
        try body()
        return nil
    } catch { return (error as? ToolError)?.code }
}

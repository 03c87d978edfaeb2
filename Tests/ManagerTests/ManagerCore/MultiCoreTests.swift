import GuestPolicy
import ManagerCore
import SICEABI
import Simulation
import Testing

/// Multi-core mode: launch, exits through the exchange page, stop.
@Suite struct MultiCoreTests {
    typealias Place = Simulation.Place
    static let page: UInt64 = 0x1_0000_2000
    static let target = 2

    func launched(core: Int = target) throws -> (Simulation, UInt64) {
        let s = try Simulation()
        let id = try s.launch()
        try launch(s, id, core: core)
        return (s, id)
    }

    func launch(_ s: Simulation, _ id: UInt64, core: Int = target, page: UInt64 = page) throws(ErrorCode) {
        try s.call(.launch, rcx: id, rdx: UInt64(MachineLayout.apicIdentifier(core)), rsi: page)
    }

    /// The SMI of a launch arrives at a core of the host.
    func enter(_ s: Simulation, core: Int = target, rax: UInt64 = 0x1234) -> ManagerStep {
        var registers = HostRegisters(rax: rax, rbx: 7)
        return s.handle(&registers, on: core)
    }

    func exit(_ s: Simulation, _ exit: SimulatedExit, core: Int = target) -> ManagerStep {
        for (register, value) in exit.registers { s.machine.setRegister(register, of: 0, to: value) }
        var registers = HostRegisters(rax: 0x1234)
        let step = s.manager.finish(exit.exit, on: core, registers: &registers, machine: &s.machine)
        #expect(registers == HostRegisters(rax: 0x1234), "the core's host registers are not for answers")
        return step
    }

    struct Post: Equatable {
        var sequence: UInt32
        var reason: UInt32
        var first: UInt64
        var second: UInt64
        var state: UInt32
    }

    func post(_ s: Simulation, page: UInt64 = page) -> Post {
        let bytes = s.read(page, ExchangeLayout.postSize)
        func number(_ offset: Int, _ count: Int) -> UInt64 {
            bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        return Post(
            sequence: UInt32(number(ExchangeLayout.sequence, 4)),
            reason: UInt32(number(ExchangeLayout.reason, 4)), first: number(ExchangeLayout.firstOperand, 8),
            second: number(ExchangeLayout.secondOperand, 8), state: UInt32(number(ExchangeLayout.state, 4)))
    }

    func answer(_ s: Simulation, _ sequence: UInt32, _ input: UInt64) {
        var bytes = [UInt8](repeating: 0, count: ExchangeLayout.answerSize)
        bytes.set(sequence, at: 0)
        bytes.set(input, at: ExchangeLayout.input - ExchangeLayout.answered)
        s.write(bytes, at: Self.page + UInt64(ExchangeLayout.answered))
    }

    func exchange(_ step: ManagerStep) throws -> Exchange {
        guard case .awaitAnswer(let exchange) = step else {
            throw ErrorCode.wrongState
        }
        return exchange
    }

    @Test func launchSendsAnSMIAndTheCoreEnters() throws {
        let (s, id) = try launched()
        #expect(s.machine.signals == [SentSignal(Self.target, .systemManagement)])
        #expect(try s.record(of: id)?.state == .running)
        #expect(enter(s) == .enterIsolated(slot: 0))
        #expect(post(s).state == ExchangeState.running.rawValue)
        #expect(try logEvents(s).last?.event == LogEvent.started.rawValue)
        // The SMI that comes once more finds nothing to do: the core would have to be outside SMM, that is, reset.
        #expect(enter(s) == .resumeHost)
        #expect(try s.record(of: id)?.crashCode == CrashCode.coreReset)
    }

    @Test func yieldGoesThroughThePage() throws {
        let (s, _) = try launched()
        #expect(enter(s) == .enterIsolated(slot: 0))
        let exchange = try exchange(exit(s, .yield(0x77)))
        #expect(
            post(s)
                == Post(
                    sequence: 1, reason: 1, first: 0x77, second: 0, state: ExchangeState.waiting.rawValue))
        answer(s, 1, 0x99)
        s.machine.thisCore = Self.target
        s.machine.attention[Self.target] = false
        let reply = exchange.wait(machine: &s.machine)
        #expect(reply?.input == 0x99 && s.machine.sleeps == 0)
        #expect(s.manager.resume(reply, on: Self.target, machine: &s.machine) == .enterIsolated(slot: 0))
        #expect(s.machine.guests[0]?.registers[.rax] == 0 && s.machine.guests[0]?.registers[.rbx] == 0x99)
        #expect(post(s).state == ExchangeState.running.rawValue)
        _ = exit(s, .yield(0x78))
        #expect(post(s).sequence == 2 && post(s).first == 0x78)
    }

    @Test func sleepIsShownAndNotifyEndsIt() throws {
        let (s, id) = try launched()
        _ = enter(s)
        let exchange = try exchange(exit(s, .yield(1)))
        s.machine.thisCore = Self.target
        s.machine.attention[Self.target] = false
        var states: Set<UInt32> = []
        s.machine.whileWaiting = { machine in
            let place = SimulatedMachine.place(Self.page, 32)
            states.insert(UInt32(machine.host[place.range][place.offset + ExchangeLayout.state]))
        }
        #expect(exchange.wait(machine: &s.machine) == nil)
        #expect(s.machine.sleeps == 1)
        #expect(states == [ExchangeState.waiting.rawValue, ExchangeState.asleep.rawValue])
        #expect(post(s).state == ExchangeState.waiting.rawValue)
        #expect(s.manager.resume(nil, on: Self.target, machine: &s.machine) == .awaitAnswer(exchange))
        s.machine.signals = []
        try s.call(.kick, rcx: id)
        #expect(s.machine.signals == [SentSignal(Self.target, .nonMaskable)])
        // With its attention raised it does not sleep again before it was looked at.
        #expect(exchange.wait(machine: &s.machine) == nil && s.machine.sleeps == 1)
    }

    /// In the page: first that the event was taken, then the word, with the number of the answer that allowed it.
    @Test func controllersAreShownInThePage() throws {
        let s = try Simulation()
        let id = try s.launch(.linuxGuest())
        try launch(s, id)
        #expect(enter(s) == .enterIsolated(slot: 0))
        let end = SimulatedExit(LinuxGuestTests.port(0x20, width: 1, input: false), [.rax: 0x60])
        // No word yet.
        let exchange = try exchange(exit(s, end))
        #expect(post(s).reason == UInt32(ExitReason.portWrite.rawValue))
        var bytes = [UInt8](repeating: 0, count: ExchangeLayout.answerSize)
        bytes.set(UInt32(1), at: 0)
        bytes.set(UInt32(1), at: ExchangeLayout.eventNumber - ExchangeLayout.answered)
        bytes.set(UInt32(GuestEvent.valid | 0x30), at: ExchangeLayout.event - ExchangeLayout.answered)
        bytes.set(
            ControllerWord.valid | 0xFFFE, at: ExchangeLayout.givenControllers - ExchangeLayout.answered)
        s.write(bytes, at: Self.page + UInt64(ExchangeLayout.answered))
        s.machine.thisCore = Self.target
        s.machine.attention[Self.target] = false
        let reply = exchange.wait(machine: &s.machine)
        #expect(s.manager.resume(reply, on: Self.target, machine: &s.machine) == .enterIsolated(slot: 0))
        #expect(s.machine.guests[0]?.pendingInterrupt == 0x30)
        let shown = Self.page + UInt64(ExchangeLayout.controllers)
        #expect(s.read(shown, 8) == [UInt8](repeating: 0, count: 8))
        s.machine.guests[0]?.pendingInterrupt = nil
        #expect(exit(s, end) == .enterIsolated(slot: 0))
        // Flip of input 0, valid, and 1 << 33 for the first answer.
        #expect(s.read(shown, 8) == [0xFE, 0xFF, 1, 0, 3, 0, 0, 0])
        #expect(s.read(Self.page + UInt64(ExchangeLayout.eventPending), 8) == [0, 0, 0, 0, 1, 0, 0, 0])
        #expect(post(s).sequence == 1)
        checkInvariants(s)
    }

    @Test func answerThatComesWhenTheCoreGoesToSleepIsSeen() throws {
        let (s, _) = try launched()
        _ = enter(s)
        let exchange = try exchange(exit(s, .yield(1)))
        s.machine.thisCore = Self.target
        s.machine.attention[Self.target] = false
        var looks = 0
        s.machine.whileWaiting = { machine in
            looks += 1
            guard looks == 2000 else { return }
            let place = SimulatedMachine.place(Self.page, 128)
            machine.host[place.range][place.offset + ExchangeLayout.answered] = 1
            machine.host[place.range][place.offset + ExchangeLayout.input] = 5
        }
        #expect(exchange.wait(machine: &s.machine)?.input == 5 && s.machine.sleeps == 0)
    }

    @Test func stopGivesTheCoreBack() throws {
        let (s, id) = try launched()
        _ = enter(s)
        s.machine.signals = []
        #expect(try s.call(.stop, rcx: id).rbx == 1)
        #expect(try s.call(.stop, rcx: id).rbx == 1)
        #expect(
            s.machine.signals == [
                SentSignal(Self.target, .systemManagement), SentSignal(Self.target, .nonMaskable),
            ])
        #expect(exit(s, .interrupt) == .resumeHost)
        #expect(try s.call(.stop, rcx: id).rbx == 0)
        #expect(try s.record(of: id)?.state == .runnable)
        #expect(post(s).state == ExchangeState.left.rawValue)
        // The core is free, and the environment goes on in the other mode.
        #expect(try s.call(.run, rcx: id, core: 1, exits: [.yield(4)]).rcx == 4)
        try launch(s, id)
        checkInvariants(s)
    }

    /// INIT removes a pending SMI: only an SMI that is sent again brings a core in that was thrown out.
    @Test func stopSendsBothSignalsByTurns() throws {
        let (s, id) = try launched()
        _ = enter(s)
        s.machine.signals = []
        for _ in 0..<4 { #expect(try s.call(.stop, rcx: id).rbx == 1) }
        #expect(
            s.machine.signals.map(\.signal) == [
                .systemManagement, .nonMaskable, .systemManagement, .nonMaskable,
            ])
    }

    @Test func stopEndsAWait() throws {
        let (s, id) = try launched()
        _ = enter(s)
        _ = try exchange(exit(s, .yield(9)))
        try s.call(.stop, rcx: id)
        #expect(s.manager.resume(nil, on: Self.target, machine: &s.machine) == .resumeHost)
        // The yield is still to be answered: by the next run, or after a launch through the page again.
        #expect(try s.record(of: id)?.state == .runnable)
        try launch(s, id, core: 3)
        _ = try exchange(enter(s, core: 3))
        #expect(post(s).first == 9 && post(s).reason == 1)
    }

    /// What the host wrote before it stopped the core is not lost, whether the core saw it or not.
    @Test func stopKeepsTheAnswerThatIsThere() throws {
        let (s, id) = try launched()
        _ = enter(s)
        _ = try exchange(exit(s, .yield(9)))
        answer(s, 1, 0x55)
        try s.call(.stop, rcx: id)
        #expect(s.manager.resume(nil, on: Self.target, machine: &s.machine) == .resumeHost)
        #expect(s.machine.guests[0]?.registers[.rbx] == 0x55 && s.machine.guests[0]?.registers[.rax] == 0)
        // Nothing waits any more: the word of the next run is for nobody.
        try s.call(.run, rcx: id, rdx: 0x66)
        #expect(s.machine.guests[0]?.registers[.rbx] == 0x55)
    }

    @Test func stopKeepsTheEventThatIsThere() throws {
        let s = try Simulation()
        let id = try s.launch(.linuxGuest())
        try launch(s, id)
        _ = enter(s)
        var bytes = [UInt8](repeating: 0, count: ExchangeLayout.answerSize)
        bytes.set(UInt32(1), at: ExchangeLayout.eventNumber - ExchangeLayout.answered)
        bytes.set(
            UInt32(GuestEvent.valid) | 0x30, at: ExchangeLayout.event - ExchangeLayout.answered)
        s.write(bytes, at: Self.page + UInt64(ExchangeLayout.answered))
        try s.call(.stop, rcx: id)
        #expect(exit(s, .interrupt) == .resumeHost)
        #expect(s.machine.guests[0]?.pendingInterrupt == 0x30)
        #expect(try s.call(.run, rcx: id).rsi == 1)
    }

    /// A page of zeros is no answer to a guest that a taken-back launch never asked.
    @Test func stopBeforeTheCoreArrivesAnswersNothing() throws {
        let s = try Simulation()
        let id = try s.launch()
        try s.call(.run, rcx: id, exits: [.yield(9)])
        try launch(s, id)
        #expect(try s.call(.stop, rcx: id).rbx == 0)
        try s.call(.run, rcx: id, rdx: 0x66)
        #expect(s.machine.guests[0]?.registers[.rbx] == 0x66)
    }

    @Test func stopTakesBackALaunchThatDidNotArrive() throws {
        let (s, id) = try launched()
        #expect(try s.call(.stop, rcx: id).rbx == 0)
        #expect(try s.record(of: id)?.state == .runnable)
        #expect(enter(s) == .resumeHost)
    }

    @Test func stopSendsNoNMIToACoreThatWasThrownOut() throws {
        let (s, id) = try launched()
        _ = enter(s)
        s.machine.signals = []
        #expect(try s.call(.stop, rcx: id).rbx == 1)
        #expect(s.machine.signals == [SentSignal(Self.target, .systemManagement)])
        // It comes in, from outside.
        #expect(enter(s) == .resumeHost)
        #expect(try s.call(.stop, rcx: id).rbx == 0)
        let record = try #require(try s.record(of: id))
        #expect(record.state == .dead && record.crashCode == CrashCode.coreReset)
        #expect(post(s).reason == UInt32(ExitReason.crashed.rawValue))
        #expect(post(s).first == CrashCode.coreReset && post(s).state == ExchangeState.left.rawValue)
        #expect(try logEvents(s).last?.event == LogEvent.unexpectedReset.rawValue)
        try s.destroy(id)
        checkInvariants(s)
    }

    @Test func endIsPostedAndTheCoreLeaves() throws {
        for (end, reason, first) in [
            (SimulatedExit.end(3), ExitReason.exited, 3),
            (SimulatedExit(GuestExit(.nestedPageFault, address: 8)), .crashed, CrashCode.memoryMap),
        ] as [(SimulatedExit, ExitReason, UInt64)] {
            let (s, id) = try launched()
            _ = enter(s)
            #expect(exit(s, end) == .resumeHost)
            #expect(post(s).reason == UInt32(reason.rawValue) && post(s).first == first)
            #expect(post(s).state == ExchangeState.left.rawValue)
            #expect(try s.record(of: id)?.state == .dead)
            #expect(s.machine.guests[0] == nil)
            #expect(try s.call(.stop, rcx: id).rbx == 0)
            let other = try s.launch()
            try launch(s, other)
        }
    }

    @Test func servicesDoNotLeaveTheGuest() throws {
        let (s, _) = try launched()
        _ = enter(s)
        #expect(exit(s, .service(.window, [.rbx: 0])) == .enterIsolated(slot: 0))
        #expect(post(s).sequence == 0)
        #expect(exit(s, .interrupt) == .enterIsolated(slot: 0))
    }

    @Test func requestThatComesWithTheLaunchIsRefused() throws {
        let (s, _) = try launched()
        var registers = HostRegisters(rax: ABI.requestMagic, rbx: Command.info.rawValue)
        let step = s.handle(&registers, on: Self.target)
        #expect(step == .enterIsolated(slot: 0))
        #expect(registers.rax == ABI.responseMagic | UInt64(ErrorCode.coreBusy.rawValue))
    }

    @Test func reject_wrongCores() throws {
        let (s, id) = try launched()
        let other = try s.launch()
        for (core, error) in [
            (UInt64(MachineLayout.apicIdentifier(0)), ErrorCode.noSuchCore),  // the caller itself
            (2, .noSuchCore), (.max, .noSuchCore), (1 << 32 | 16, .noSuchCore),
            (UInt64(MachineLayout.apicIdentifier(4)), .noSuchCore),  // not there
            (UInt64(MachineLayout.apicIdentifier(Self.target)), .coreBusy),
        ] {
            #expect(throws: error) { try s.call(.launch, rcx: other, rdx: core, rsi: Self.page) }
        }
        #expect(try s.record(of: other)?.state == .runnable)
        #expect(throws: ErrorCode.environmentBusy) { try launch(s, id, core: 3) }
        #expect(throws: ErrorCode.environmentBusy) { try s.call(.destroy, rcx: id) }
    }

    @Test func reject_coreThatRunsAGuest() throws {
        let s = try Simulation()
        let ids = [try s.launch(), try s.launch()]
        var registers = HostRegisters(rax: ABI.requestMagic, rbx: Command.run.rawValue, rcx: ids[0])
        _ = s.handle(&registers, on: 1)
        #expect(throws: ErrorCode.coreBusy) { try launch(s, ids[1], core: 1) }
    }

    @Test(
        arguments: [
            (MachineLayout.poolBase, ErrorCode.addressInSMRAM), (0xD000_0000, .addressOutsideRAM),
            (page + 8, .addressMisaligned), (.max & ~0xFFF, .addressWraps),
        ] as [(UInt64, ErrorCode)])
    func reject_exchangePage(_ address: UInt64, _ error: ErrorCode) throws {
        let s = try Simulation()
        let id = try s.launch()
        #expect(throws: error) { try launch(s, id, page: address) }
        #expect(try s.record(of: id)?.state == .runnable)
        #expect(s.machine.signals.isEmpty)
        #expect(enter(s) == .resumeHost)
    }

    @Test func reject_launchWithoutALocalAPIC() throws {
        let s = try Simulation()
        let id = try s.launch()
        s.machine.canSignal = false
        #expect(throws: ErrorCode.coreUnreachable) { try launch(s, id) }
        #expect(try s.record(of: id)?.state == .runnable)
        #expect(enter(s) == .resumeHost)
    }

    /// A stop that reached nobody counts for nothing: the next one sends the SMI first, as a core that was thrown out needs.
    @Test func stopWithoutALocalAPICChangesNothing() throws {
        let (s, id) = try launched()
        _ = enter(s)
        s.machine.signals = []
        s.machine.attention[Self.target] = false
        s.machine.canSignal = false
        #expect(throws: ErrorCode.coreUnreachable) { try s.call(.stop, rcx: id) }
        #expect(throws: ErrorCode.coreUnreachable) { try s.call(.kick, rcx: id) }
        #expect(!s.machine.attention[Self.target])
        s.machine.canSignal = true
        #expect(exit(s, .interrupt) == .enterIsolated(slot: 0))
        #expect(try s.call(.stop, rcx: id).rbx == 1)
        #expect(s.machine.signals == [SentSignal(Self.target, .systemManagement)])
    }

    @Test func faultStopsIsolatedCores() throws {
        let (s, id) = try launched()
        _ = enter(s)
        s.machine.signals = []
        s.manager.fail(machine: &s.machine)
        #expect(s.machine.signals == [SentSignal(Self.target, .nonMaskable)])
        #expect(exit(s, .interrupt) == .resumeHost)
        #expect(try s.record(of: id)?.state == .dead)
        #expect(s.machine.guests[0] == nil)
    }

    @Test func faultBeforeTheCoreArrives() throws {
        let (s, id) = try launched()
        s.manager.fail(machine: &s.machine)
        #expect(s.machine.guests[0] == nil)
        #expect(enter(s) == .resumeHost)
        #expect(try s.record(of: id)?.state == .dead)
    }

    @Test func hostCannotDerailTheCore() throws {
        let (s, _) = try launched()
        _ = enter(s)
        var step = exit(s, .yield(1))
        // Whatever is in the page, only the right number answers, and the core's own count goes on.
        s.write([UInt8](repeating: 0xFF, count: ExchangeLayout.size), at: Self.page)
        s.machine.thisCore = Self.target
        s.machine.attention[Self.target] = false
        #expect(try exchange(step).wait(machine: &s.machine) == nil)
        answer(s, 1, 3)
        step = s.manager.resume(
            try exchange(step).wait(machine: &s.machine), on: Self.target, machine: &s.machine)
        #expect(step == .enterIsolated(slot: 0))
        _ = exit(s, .yield(2))
        #expect(post(s).sequence == 2)
    }

    /// A Linux guest's interrupt comes with an answer or with a signal; one that is none, or that comes too early, is lost.
    @Test func eventsGoThroughThePage() throws {
        let s = try Simulation()
        let id = try s.launch(.linuxGuest())
        try launch(s, id)
        s.machine.thisCore = Self.target
        #expect(enter(s) == .enterIsolated(slot: 0))
        func write(_ number: UInt32, _ event: UInt64) {
            var bytes = [UInt8](repeating: 0, count: 4)
            bytes.set(UInt32(truncatingIfNeeded: event), at: 0)
            s.write(bytes, at: Self.page + UInt64(ExchangeLayout.event))
            bytes.set(number, at: 0)
            s.write(bytes, at: Self.page + UInt64(ExchangeLayout.eventNumber))
        }
        write(1, GuestEvent.valid | 0x30)
        #expect(exit(s, .interrupt) == .enterIsolated(slot: 0))
        #expect(s.machine.guests[0]?.pendingInterrupt == 0x30)
        // A signal for something else does not bring it again.
        s.machine.guests[0]?.pendingInterrupt = nil
        #expect(exit(s, .interrupt) == .enterIsolated(slot: 0))
        #expect(s.machine.guests[0]?.pendingInterrupt == nil)
        for (number, event) in [(2, GuestEvent.valid | 8), (3, 0x31), (4, GuestEvent.valid | 0x100)] {
            write(UInt32(number), event)
            #expect(exit(s, .interrupt) == .enterIsolated(slot: 0))
            #expect(s.machine.guests[0]?.pendingInterrupt == nil)
        }
        let step = exit(s, SimulatedExit(GuestExit(.hlt)))
        #expect(post(s).reason == UInt32(ExitReason.halted.rawValue))
        answer(s, 1, 0)
        write(5, GuestEvent.valid | 0x32)
        s.machine.attention[Self.target] = false
        let reply = try exchange(step).wait(machine: &s.machine)
        #expect(s.manager.resume(reply, on: Self.target, machine: &s.machine) == .enterIsolated(slot: 0))
        #expect(s.machine.guests[0]?.pendingInterrupt == 0x32)
        // It goes on, reads a port, and still has not taken it.
        _ = exit(s, SimulatedExit(GuestExit(.ioio, code: 0x60 << 16 | 1 << 4 | 1)))
        #expect(s.read(Self.page + UInt64(ExchangeLayout.eventPending), 1) == [1])
        // Which one it was: an event that crossed the exit is not mistaken for a taken one.
        #expect(s.read(Self.page + UInt64(ExchangeLayout.eventSeen), 1) == [5])
    }

    @Test func reportNamesTheMode() throws {
        let (s, id) = try launched()
        _ = enter(s)
        try s.call(.report, rcx: id, rdx: Place.nonce, rsi: Place.window, rdi: 2048)
        #expect(s.read(Place.window, 1) == [0xD2])
        let record = s.read(Place.window, 2048)
        #expect(contains(record, modeClaim(2)))
        #expect(!contains(record, modeClaim(1)))
    }

    private func modeClaim(_ value: UInt8) -> [UInt8] {
        let key = UInt64(-1 - ReportClaim.mode.rawValue)
        return [0x3A] + (0..<4).reversed().map { UInt8(truncatingIfNeeded: key >> ($0 * 8)) } + [value]
    }

    private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        bytes.indices.contains { bytes[$0...].starts(with: part) }
    }
}

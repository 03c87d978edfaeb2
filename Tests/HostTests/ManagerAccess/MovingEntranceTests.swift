import Diagnostics
import GuestPolicy
import ManagerAccess
import ManagerCore
import SICEABI
import Simulation
import Testing

@testable import GuestRunner

/// A Linux guest that changes its mode, by the real manager on a simulated core: each exit is handed out once, and each
/// answer and interrupt arrives once.
@Suite struct MovingEntranceTests {
    /// The host's CPUs: only number 2 can be given.
    final class Cores: CoreKeeper {
        let connection: SimulatedConnection
        var owners: [CoreOwner] = []
        /// What ``takeBack(_:)`` throws in the end.
        var failure: ToolError?
        private(set) var stays = false

        init(_ connection: SimulatedConnection) { self.connection = connection }

        private var client: ManagerClient<SimulatedConnection> { ManagerClient(connection) }

        func launch(_ environment: UInt32, on core: Int) throws(ToolError) {
            guard core < 4 else { throw ToolError(.noSuchCore) }
            try client.launch(environment, apicIdentifier: MachineLayout.apicIdentifier(core))
        }

        func takeBack(_ environment: UInt32) throws(ToolError) {
            while try !client.stop(environment) { connection.pause(afterLooks: 0) }
            if let failure { throw failure }
        }

        func stayOnOneCore() throws(ToolError) { stays = true }
        func useAnyCore() { stays = false }
        func owner(of core: Int) -> CoreOwner { owners.isEmpty ? .guest : owners.removeFirst() }
    }

    let connection: SimulatedConnection
    var client: ManagerClient<SimulatedConnection>
    let identifier: UInt32
    let cores: Cores
    let entrance: MovingEntrance<SimulatedConnection, Cores>

    static let read = SimulatedExit(
        GuestExit(.ioio, code: 0x60 << 16 | 1 << 4 | 1, address: 0x1000, next: 0x1002), [.rax: 0])
    static let write = SimulatedExit(
        GuestExit(.ioio, code: 0x61 << 16 | 1 << 4, address: 0x1000, next: 0x1002), [.rax: 7])
    static let readExit = EnvironmentExit.portRead(port: 0x60, width: 1)
    static let writeExit = EnvironmentExit.portWrite(port: 0x61, width: 1, value: 7)

    init() throws {
        connection = try SimulatedConnection()
        client = ManagerClient(connection)
        identifier = try create(.linuxGuest(), &client)
        cores = Cores(connection)
        entrance = MovingEntrance(identifier, client, cores) { .none }
        connection.guest = { _, _ in [.interrupt] }
    }

    /// How its next slices end, in either mode; then it computes.
    private func script(_ exits: [SimulatedExit]) {
        var exits = exits
        connection.guest = { _, _ in [exits.isEmpty ? .interrupt : exits.removeFirst()] }
        connection.isolatedGuest = { _, _ in exits.isEmpty ? .interrupt : exits.removeFirst() }
    }

    private var guest: SimulatedGuest? { connection.simulation.machine.guests[0] }

    private func next(_ input: UInt64 = 0, _ interrupt: UInt8? = nil) throws -> EnvironmentExit {
        try entrance.enter(input: input, interrupt: interrupt, controllers: 0).exit
    }

    @Test func answer_crossesToACoreOfItsOwn() throws {
        try entrance.move(to: .sharedCore)
        #expect(cores.stays)
        script([Self.read, Self.write])
        #expect(try next() == Self.readExit)
        try entrance.move(to: .ownCore(2))
        #expect(!cores.stays)
        // The core showed the read again; the answer is for that, and the next exit is news.
        #expect(try next(0x5A) == Self.writeExit)
        #expect(guest?.registers[.rax] == 7 && guest?.skippedBytes == 4)
        #expect(try next() == .hostInterrupt)
    }

    @Test func answer_crossesToASharedCore() throws {
        script([Self.read, Self.write])
        try entrance.move(to: .ownCore(2))
        #expect(try next() == Self.readExit)
        try entrance.move(to: .sharedCore)
        #expect(cores.stays && guest?.registers[.rax] == 0)
        connection.guest = { input, _ in
            #expect(input == 0x5A)
            return [Self.write]
        }
        #expect(try next(0x5A) == Self.writeExit)
        #expect(guest?.skippedBytes == 4)
    }

    /// What the guest did while its core was called back is handed out afterwards, once.
    @Test(arguments: [write, read])
    func exit_isCarriedOver(_ exit: SimulatedExit) throws {
        let expected = exit.exit == Self.read.exit ? Self.readExit : Self.writeExit
        script([])
        try entrance.move(to: .ownCore(2))
        #expect(try next() == .hostInterrupt)
        connection.isolatedGuest = { _, _ in exit }
        try entrance.move(to: .sharedCore)
        script([.interrupt, Self.write])
        #expect(try next() == expected)
        #expect(try next(0x5A) == .hostInterrupt)
        #expect(guest?.registers[.rax] == (exit.exit == Self.read.exit ? 0x5A : 7))
        #expect(try next() == Self.writeExit)
    }

    /// The same when it goes on to another core before anybody saw the exit.
    @Test(arguments: [write, read])
    func exit_isCarriedOverToAnotherCore(_ exit: SimulatedExit) throws {
        let isRead = exit.exit == Self.read.exit
        script([])
        try entrance.move(to: .ownCore(2))
        #expect(try next() == .hostInterrupt)
        connection.isolatedGuest = { _, _ in exit }
        try entrance.move(to: .nowhere)
        #expect(entrance.isPaused)
        script([Self.write, .interrupt])
        try entrance.move(to: .ownCore(2))
        #expect(try next() == (isRead ? Self.readExit : Self.writeExit))
        #expect(try next(0x5A) == Self.writeExit)
        #expect(try next() == .hostInterrupt)
        #expect(guest?.skippedBytes == 4)
    }

    /// What two cores left, one after the other and before anybody saw anything, is handed out in that order.
    @Test func exits_ofTwoCoresAreCarriedOver() throws {
        let second = SimulatedExit(
            GuestExit(.ioio, code: 0x62 << 16 | 1 << 4, address: 0x1000, next: 0x1002), [.rax: 8])
        script([])
        try entrance.move(to: .ownCore(2))
        #expect(try next() == .hostInterrupt)
        connection.isolatedGuest = { _, _ in Self.write }
        try entrance.move(to: .nowhere)
        connection.isolatedGuest = { _, _ in second }
        try entrance.move(to: .ownCore(2))
        try entrance.move(to: .sharedCore)
        script([])
        #expect(try next() == Self.writeExit)
        #expect(try next() == .portWrite(port: 0x62, width: 1, value: 8))
        #expect(try next() == .hostInterrupt)
        #expect(guest?.skippedBytes == 4)
    }

    /// An interrupt that comes with an exit that was left behind waits for the guest.
    @Test func interrupt_isHeldWhileNobodyRuns() throws {
        script([])
        try entrance.move(to: .ownCore(2))
        _ = try next()
        connection.isolatedGuest = { _, _ in Self.write }
        try entrance.move(to: .sharedCore)
        script([])
        let slice = try entrance.enter(input: 0, interrupt: 0x30, controllers: 0)
        #expect(slice.exit == Self.writeExit && slice.interruptPending)
        #expect(guest?.pendingInterrupt == nil)
        #expect(try entrance.enter(input: 0, interrupt: nil, controllers: 0).interruptPending)
        #expect(guest?.pendingInterrupt == 0x30)
    }

    @Test func interrupt_crossesOnce() throws {
        script([])
        try entrance.move(to: .ownCore(2))
        let slice = try entrance.enter(input: 0, interrupt: 0x30, controllers: 0)
        #expect(slice.exit == .hostInterrupt && slice.interruptPending)
        try entrance.move(to: .sharedCore)
        #expect(guest?.pendingInterrupt == 0x30)
        connection.simulation.machine.guests[0]?.pendingInterrupt = nil
        #expect(try !entrance.enter(input: 0, interrupt: nil, controllers: 0).interruptPending)
        // And the other way round: the host remembers it on the new core.
        #expect(try entrance.enter(input: 0, interrupt: 0x31, controllers: 0).interruptPending)
        try entrance.move(to: .ownCore(2))
        #expect(try entrance.enter(input: 0, interrupt: nil, controllers: 0).interruptPending)
        #expect(guest?.pendingInterrupt == 0x31)
    }

    /// What the guest does to its interrupt controllers is seen while it runs, and what it did last before it left.
    @Test func controllers_areSeenAndLeftBehind() throws {
        let end = SimulatedExit(
            GuestExit(.ioio, code: 0x20 << 16 | 1 << 4, address: 0x1000, next: 0x1002), [.rax: 0x60])
        let word = ControllerWord.valid | 0xFFFE
        script([Self.write, end])
        try entrance.move(to: .ownCore(2))
        #expect(try next() == Self.writeExit)
        let slice = try entrance.enter(input: 0, interrupt: nil, controllers: word)
        #expect(slice.exit == .hostInterrupt && slice.controllers == word | 1 << 16)
        script([])
        // Nothing new: only the end of the look.
        #expect(try entrance.enter(input: 0, interrupt: nil, controllers: 0).controllers == word | 1 << 16)
        script([end])
        try entrance.move(to: .sharedCore)
        #expect(entrance.takeControllers() == word && entrance.takeControllers() == 0)
        let next = try entrance.enter(input: 0, interrupt: nil, controllers: word)
        #expect(next.controllers == word)
    }

    /// The longer the guest computes, the less often its server looks; when it has done something, at once again.
    @Test func looks_areRarerTheLongerTheGuestComputes() throws {
        try entrance.move(to: .ownCore(2))
        script([])
        var looks: [Int] = []
        connection.beforeStep = { looks.append($0) }
        for _ in 0..<2 { #expect(try next() == .hostInterrupt) }
        #expect(looks.count > 600 && looks == Array(0..<looks.count))
        script([Self.write])
        #expect(try next() == Self.writeExit)
        looks = []
        #expect(try next() == .hostInterrupt)
        #expect(looks.first == 0)
        var attention: [Attention] = [.none, .time, .none, .input, .none]
        let attentive = MovingEntrance(identifier, client, cores) {
            attention.isEmpty ? .time : attention.removeFirst()
        }
        try entrance.move(to: .nowhere)
        try attentive.move(to: .ownCore(2))
        looks = []
        for _ in 0..<3 {
            #expect(try attentive.enter(input: 0, interrupt: nil, controllers: 0).exit == .hostInterrupt)
        }
        #expect(looks.suffix(3) == [0, 1, 0])
    }

    @Test func halt_goesOnInTheOtherMode() throws {
        connection.simulation.machine.guests[0]?.takesInterrupts = true
        script([SimulatedExit(GuestExit(.hlt)), Self.write])
        try entrance.move(to: .ownCore(2))
        #expect(try next() == .halted(canWake: true))
        try entrance.move(to: .sharedCore)
        #expect(try next(0, 0x30) == Self.writeExit)
        #expect(guest?.pendingInterrupt == 0x30)
    }

    @Test func crash_isToldAfterTheMove() throws {
        for place in [GuestPlace.sharedCore, .ownCore(1), .nowhere] {
            let test = try MovingEntranceTests()
            test.script([])
            try test.entrance.move(to: .ownCore(2))
            _ = try test.next()
            test.connection.isolatedGuest = { _, _ in SimulatedExit(GuestExit(.shutdown)) }
            let error = failure { try test.entrance.move(to: place) }
            #expect(error == (place == .ownCore(1) ? .wrongState : nil))
            #expect(!test.entrance.isPaused)
            #expect(try test.next() == .crashed(code: CrashCode.shutdown, address: 0))
        }
    }

    // MARK: Cores that cannot be had

    @Test func reject_coreThatIsNotThere() throws {
        script([Self.write])
        try entrance.move(to: .sharedCore)
        #expect(failure { try entrance.move(to: .ownCore(9)) } == .noSuchCore)
        #expect(entrance.place == .sharedCore && cores.stays)
        #expect(try next() == Self.writeExit)
        try entrance.move(to: .ownCore(2))
        // It had to leave its core for this: it goes on, in the other mode.
        #expect(failure { try entrance.move(to: .ownCore(9)) } == .noSuchCore)
        #expect(entrance.place == .sharedCore && cores.stays)
        try entrance.move(to: .nowhere)
        #expect(failure { try entrance.move(to: .ownCore(9)) } == .noSuchCore)
        #expect(entrance.isPaused)
    }

    @Test func reject_coreThatLinuxDoesNotTakeBack() throws {
        script([])
        try entrance.move(to: .ownCore(2))
        cores.failure = ToolError(.coreNotMoved)
        #expect(failure { try entrance.move(to: .nowhere) } == .coreNotMoved)
        #expect(entrance.place == .sharedCore)
        #expect(try next() == .hostInterrupt)
    }

    @Test func confirm_noticesThatItWasDestroyed() throws {
        try entrance.confirm()
        var client = client
        try client.destroy(identifier)
        #expect(failure { try entrance.confirm() } == .noSuchEnvironment)
    }

    /// A host that never says whose the core is, and a core that never leaves: the guest's server gives up, with a reason.
    @Test func waitsForTheHost_end() throws {
        script([])
        entrance.looksForTheHost = 50
        try entrance.move(to: .ownCore(2))
        _ = try next()
        connection.isolatedCoreHangs = true
        cores.owners = [CoreOwner](repeating: .changing, count: 51)
        #expect(failure { _ = try next(0, 0x30) } == .coreNotMoved)
        #expect(cores.owners.isEmpty)
        cores.owners = [.host]
        let stops = connection.commands.count(where: { $0 == Command.stop.rawValue })
        #expect(failure { _ = try next(0, 0x30) } == .coreBusy)
        #expect(connection.commands.count(where: { $0 == Command.stop.rawValue }) == stops + 51)
    }

    /// The host starts the guest's core by force: no signal meets it on its way up, then the loss is a typed exit.
    @Test func loss_isNoticedBeforeASignalIsSent() throws {
        script([])
        try entrance.move(to: .ownCore(2))
        _ = try next()
        cores.owners = [.changing, .changing, .host]
        let signals = connection.simulation.machine.signals.count
        connection.reset()
        #expect(try next(0, 0x30) == .crashed(code: CrashCode.coreReset, address: 0))
        #expect(
            connection.simulation.machine.signals.dropFirst(signals).allSatisfy {
                $0.signal == .systemManagement
            })
        #expect(try client.environment(identifier).state == .dead)
    }
}

import DeviceModel
import Diagnostics
import GuestRunner
import ManagerAccess
import SICEABI
import Testing
import WindowNetwork

/// A guest that stops as a script says, and a world that stands still unless the runner sleeps.
@Suite struct GuestLoopTests {
    final class Script: GuestEntrance {
        var slices: [Slice]
        /// What the runner gave at each entry.
        var inputs: [UInt64] = []
        var interrupts: [UInt8?] = []
        var controllers: [UInt64] = []

        init(_ exits: [EnvironmentExit]) {
            slices = exits.map { Slice(exit: $0, interruptPending: false) }
        }

        func enter(input: UInt64, interrupt: UInt8?, controllers: UInt64) throws(ToolError) -> Slice {
            inputs.append(input)
            self.controllers.append(controllers)
            interrupts.append(interrupt)
            guard !slices.isEmpty else { throw ToolError(.internalFailure, "the script is over") }
            return slices.removeFirst()
        }

        var places: [GuestPlace] = [.sharedCore]
        /// What ``move(to:)`` throws.
        var refusal: ToolError?
        var isPaused: Bool { places.last == .nowhere }
        /// How often a guest that stands still may be looked at before it is gone.
        var patience = 3

        func move(to place: GuestPlace) throws(ToolError) {
            if let refusal { throw refusal }
            places.append(place)
        }

        /// What a core leaves behind when the guest is moved.
        var lastControllers: UInt64 = 0

        func takeControllers() -> UInt64 {
            defer { lastControllers = 0 }
            return lastControllers
        }

        func confirm() throws(ToolError) {
            patience -= 1
            guard patience > 0 else { throw ToolError(.noSuchEnvironment) }
        }
    }

    final class World: GuestSurroundings {
        var time: UInt64 = 0
        var typed: [UInt8] = []
        var size: WindowSize?
        var said: [UInt8] = []
        var sleeps: [UInt64?] = []
        /// What moving the guest's packets says.
        var network: [NetworkNews] = []
        var moves = 0

        func now() -> UInt64 { time }
        func endSlice(at time: UInt64?) {}
        func sleep(until time: UInt64?) {
            sleeps.append(time)
            if let time { self.time = time }
        }
        func input(limit: Int) -> [UInt8] {
            defer { typed = [] }
            return Array(typed.prefix(limit))
        }
        func output(_ bytes: [UInt8]) { said += bytes }
        func newWindowSize() -> WindowSize? { size.take() }
        func moveNetwork() -> NetworkNews {
            moves += 1
            return network.isEmpty ? .nothing : network.removeFirst()
        }

        var requests: [GuestPlace?] = []
        var answers: [ToolError?] = []
        func request() -> GuestPlace? { requests.isEmpty ? nil : requests.removeFirst() }
        func answer(_ error: ToolError?) { answers.append(error) }
        func waitForRequest() {}
    }

    private static func write(_ port: UInt16, _ value: UInt32) -> EnvironmentExit {
        .portWrite(port: port, width: 1, value: value)
    }

    /// Two 8259 at 0x20 and 0x28; IRQ 0 open. A one-shot of the timer.
    private static let setUp: [EnvironmentExit] = [
        write(0x20, 0x11), write(0x21, 0x30), write(0x21, 4), write(0x21, 1), write(0x21, 0xFE),
        write(0x43, 0x30), write(0x40, 0x00), write(0x40, 0x10),
    ]

    private func run(_ exits: [EnvironmentExit], _ world: World = World()) throws -> (GuestEnd, Script, World)
    {
        let script = Script(exits)
        var runner = GuestLoop(script, world, secondsSince1970: 0)
        return (try runner.run(), script, world)
    }

    private func code(_ exits: [EnvironmentExit]) -> ErrorCode? {
        let error = #expect(throws: ToolError.self) { try run(exits) }
        return error?.code
    }

    @Test func end_isTheGuestsWish() throws {
        #expect(try run([Self.write(DeviceBoard.powerOffPort, 0)]).0 == .poweredOff(0))
        #expect(try run([Self.write(DeviceBoard.powerOffPort, 7)]).0 == .poweredOff(7))
        #expect(try run([.halted(canWake: false)]).0 == .halted)
        #expect(try run([Self.write(0x64, 0xFE)]).0 == .reset)
        #expect(try run([.exited(3)]).0 == .exited(3))
    }

    @Test func crash_isTyped() {
        #expect(code([.crashed(code: CrashCode.shutdown, address: 0)]) == .crashed)
        #expect(code([.portRead(port: 0x3F8, width: 3)]) == .managerFault)
        #expect(code([.portWrite(port: 0x3F8, width: 0, value: 0)]) == .managerFault)
    }

    @Test func console_isPrintedAlsoBeforeACrash() throws {
        let world = World()
        let hello = Array("hi".utf8).map { Self.write(0x3F8, UInt32($0)) }
        #expect(throws: ToolError.self) {
            try run(hello + [.crashed(code: CrashCode.shutdown, address: 0)], world)
        }
        #expect(world.said == Array("hi".utf8))
    }

    @Test func typing_reachesTheGuest() throws {
        let world = World()
        world.typed = [0x41]
        let (_, script, _) = try run(
            [.hostInterrupt, .portRead(port: 0x3F8, width: 1), .halted(canWake: false)], world)
        #expect(script.inputs == [0, 0, 0x41])
    }

    @Test func windowSize_reachesTheGuest() throws {
        let world = World()
        world.size = WindowSize(rows: 40, columns: 132)
        let read = EnvironmentExit.portRead(port: WindowSize.port, width: 4)
        let (_, script, _) = try run([read, .hostInterrupt, read, .halted(canWake: false)], world)
        #expect(script.inputs == [0, 0, 0, 132 << 16 | 40])
    }

    /// The host sleeps until the timer's time, and the guest gets its interrupt.
    @Test func halt_sleepsUntilTheTimerAndInterrupts() throws {
        let (_, script, world) = try run(
            Self.setUp + [.halted(canWake: true), .halted(canWake: false)])
        let sleep = try #require(world.sleeps.first ?? nil)
        // 4096 ticks of 1,193,182 Hz.
        #expect((3_432_000...3_434_000).contains(sleep))
        #expect(script.interrupts.last == 0x30)
        #expect(script.interrupts.dropLast().allSatisfy { $0 == nil })
    }

    /// Two 8259 at 0x20 and 0x28; IRQ 3 open. The bell's modem interrupt is on.
    private static let bellSetUp: [EnvironmentExit] = [
        write(0x20, 0x11), write(0x21, 0x30), write(0x21, 4), write(0x21, 1), write(0x21, 0xF7),
        write(0x2FC, 0x08), write(0x2F9, 0x08),
    ]

    /// Packets that came while the guest waits are its interrupt; its doorbell makes the host look at once.
    @Test func packets_interruptAGuestThatWaits() throws {
        let world = World()
        world.network = [.nothing, .nothing, .packets, .ring]
        let (_, script, _) = try run(
            Self.bellSetUp + [.doorbell(0), .halted(canWake: true), .halted(canWake: false)], world)
        #expect(world.moves == 4)
        #expect(world.sleeps.count == 2)
        #expect(script.interrupts.last == 0x33)
        #expect(script.interrupts.dropLast().allSatisfy { $0 == nil })
    }

    /// A guest that waits in its doorbell needs no interrupt, and goes on for an interrupt's sake, too.
    @Test func packets_endTheWaitInADoorbell() throws {
        let world = World()
        world.network = [.nothing, .nothing, .packets]
        let (_, script, _) = try run(
            Self.bellSetUp + [.doorbell(NetworkDoorbell.waits), .halted(canWake: false)], world)
        #expect(world.sleeps.count == 2 && world.moves == 3)
        #expect(script.interrupts.allSatisfy { $0 == nil })
        let (_, timed, other) = try run(
            Self.setUp + [.doorbell(NetworkDoorbell.waits), .halted(canWake: false)])
        #expect(other.sleeps.count == 1)
        #expect(timed.interrupts.last == 0x30)
    }

    /// While the guest has not taken an interrupt it gets no other.
    @Test func interrupt_waitsForTheOneBefore() throws {
        let script = Script(Self.setUp + [.halted(canWake: true), .hostInterrupt, .halted(canWake: false)])
        script.slices[Self.setUp.count] = Slice(exit: .hostInterrupt, interruptPending: true)
        let world = World()
        var runner = GuestLoop(script, world, secondsSince1970: 0)
        world.time = 0
        #expect(try runner.run() == .halted)
        #expect(script.interrupts.allSatisfy { $0 == nil })
        #expect(world.sleeps.isEmpty)
    }

    /// Exits are counted by reason, in the phase that the guest named last; the mark itself is none.
    @Test func statistics_countByReasonAndPhase() throws {
        let script = Script([
            .hostInterrupt, Self.write(0x3FF, 7), .portRead(port: 0x3F8, width: 1), Self.write(0x3F9, 0),
            .hostInterrupt, Self.write(0x3FF, 0), .yield(0), .halted(canWake: false),
        ])
        var runner = GuestLoop(script, World(), secondsSince1970: 0)
        #expect(try runner.run() == .halted)
        #expect(runner.statistics.lines == ["exits 0 3 1 0 0 1 1", "exits 7 3 1 1 1 0 0"])
        #expect(runner.statistics.phases.map(\.counts.all) == [3, 3])
    }

    /// A guest that makes up numbers does not fill the host's memory.
    @Test func statistics_keepABoundedNumberOfPhases() throws {
        let marks = (0..<1000).map { EnvironmentExit.portWrite(port: 0x3FF, width: 4, value: UInt32($0)) }
        let script = Script(marks + [.halted(canWake: false)])
        var runner = GuestLoop(script, World(), secondsSince1970: 0)
        #expect(try runner.run() == .halted)
        #expect(runner.statistics.phases.count == 256)
    }

    /// Between two ticks the manager may take the controllers' accesses, and the end that it noted lets the next tick in.
    @Test func controllers_areLentBetweenInterrupts() throws {
        let script = Script(Self.setUp + [.halted(canWake: true), .hostInterrupt, .halted(canWake: false)])
        let word = ControllerWord.valid | 0xFFFE
        script.slices[Self.setUp.count + 1] = Slice(
            exit: .hostInterrupt, interruptPending: false, controllers: word | 1 << 16)
        var runner = GuestLoop(script, World(), secondsSince1970: 0)
        #expect(try runner.run() == .halted)
        // Not while they are set up; then always, as nothing else is requested.
        #expect(script.controllers[1] == 0)
        #expect(Array(script.controllers.suffix(2)) == [word, word | 1 << 16])
    }

    /// The end of an interrupt that a core noted just before it left lets the next one in.
    @Test func controllers_comeWithAMove() throws {
        let script = Script(
            Self.setUp + [.halted(canWake: true), .hostInterrupt, .hostInterrupt, .halted(canWake: false)])
        let world = World()
        // In the slice after the one that got the interrupt.
        world.requests = Array(repeating: nil, count: 2) + [.sharedCore]
        script.lastControllers = ControllerWord.valid | 0xFFFE | 1 << 16
        var runner = GuestLoop(script, world, secondsSince1970: 0)
        #expect(try runner.run() == .halted)
        #expect(script.lastControllers == 0)
        #expect(script.controllers.last == ControllerWord.valid | 0xFFFE | 1 << 16)
    }

    // MARK: Requests to move

    @Test func request_isServedBetweenExitsAndAnswered() throws {
        let world = World()
        world.requests = [nil, .ownCore(2), .sharedCore]
        let (_, script, _) = try run(
            [.hostInterrupt, .hostInterrupt, .hostInterrupt, .halted(canWake: false)], world)
        #expect(script.places == [.sharedCore, .ownCore(2), .sharedCore])
        #expect(world.answers == [nil, nil])
    }

    @Test func request_thatIsRefusedChangesNothing() throws {
        let script = Script([.hostInterrupt, .halted(canWake: false)])
        script.refusal = ToolError(.noSuchCore, "CPU 9")
        let world = World()
        world.requests = [.ownCore(9)]
        var runner = GuestLoop(script, world, secondsSince1970: 0)
        #expect(try runner.run() == .halted)
        #expect(world.answers == [script.refusal] && script.places == [.sharedCore])
    }

    /// A guest that stands still is not entered, and goes on when somebody says so.
    @Test func stop_holdsTheGuestUntilAMove() throws {
        let world = World()
        world.requests = [.nowhere, nil, .ownCore(1)]
        let (_, script, _) = try run([.hostInterrupt, .halted(canWake: false)], world)
        #expect(script.places == [.sharedCore, .nowhere, .ownCore(1)])
        #expect(script.inputs.count == 2 && world.answers == [nil, nil])
    }

    @Test func stop_endsWhenTheGuestIsDestroyed() throws {
        let world = World()
        world.requests = [.nowhere]
        let error = #expect(throws: ToolError.self) { try run([.hostInterrupt], world) }
        #expect(error?.code == .noSuchEnvironment)
    }

    /// The sleep of a guest that waits ends with a move: where it is then, it may stop for another reason.
    @Test func halt_endsWithAMove() throws {
        let world = World()
        world.requests = [nil, .ownCore(1)]
        let (_, script, _) = try run([.halted(canWake: true), .halted(canWake: false)], world)
        #expect(script.places.last == .ownCore(1) && script.interrupts == [nil, nil])
    }
}

@Suite struct MoveLineTests {
    @Test func requestsGoRoundAndNonsenseIsRefused() {
        for place in [GuestPlace.sharedCore, .nowhere, .ownCore(0), .ownCore(17)] {
            #expect(GuestPlace(request: place.request) == place)
        }
        for line in [
            "", " ", "stop ", "Stop", "multi-core", "multi-core ", "multi-core -1", "multi-core 01",
            "multi-core 1 ", "multi-core  1", "multi-core 99999999999999999999", "time-sharing 1",
            "multi-core 1\n", "\u{FFFD}",
        ] {
            #expect(GuestPlace(request: line) == nil, "\(line)")
        }
    }

    @Test func answersGoRoundAndNonsenseIsRefused() {
        for error in [nil, ToolError(.noSuchCore, "CPU 9 is not online"), ToolError(.coreBusy)] {
            let answer = MoveAnswer(error)
            #expect(MoveAnswer(line: answer.line)?.error == error)
        }
        #expect(MoveAnswer(ToolError(.coreBusy, "a\nb")).line == "113 a b")
        for line in ["", "1", "0 x", "x", "113", "65536 x", "-1 x", "0113 x"] {
            #expect(MoveAnswer(line: line) == nil, "\(line)")
        }
    }
}

internal import DeviceModel
public import Diagnostics
internal import ManagerAccess
internal import SICEABI
internal import WindowNetwork

/// Keeps a Linux guest running: serves its ports from a ``DeviceBoard``, gives it interrupts, lets the host sleep while
/// it waits.
public struct GuestLoop<Entrance: GuestEntrance, Surroundings: GuestSurroundings> {
    public var entrance: Entrance
    public var surroundings: Surroundings
    /// Exits so far.
    public private(set) var statistics = ExitStatistics()
    private var board: DeviceBoard
    /// Answer to the port read that the guest waits in.
    private var answer: UInt64 = 0
    private var interruptPending = false
    /// Typed and not yet taken by the guest.
    private var typed: ArraySlice<UInt8> = []

    private static var inputLimit: Int { 1024 }

    public init(_ entrance: Entrance, _ surroundings: Surroundings, secondsSince1970: Int64) {
        self.entrance = entrance
        self.surroundings = surroundings
        board = DeviceBoard(secondsSince1970: secondsSince1970)
    }

    /// Runs the guest until its machine ends. Throws `crashed`, and what entering it throws.
    public mutating func run() throws(ToolError) -> GuestEnd {
        while true {
            let end: GuestEnd?
            do throws(ToolError) { end = try step() } catch {
                moveConsole()
                throw error
            }
            guard let end else { continue }
            moveConsole()
            return end
        }
    }

    /// One slice and what it asks for; nil while the guest goes on.
    mutating func step() throws(ToolError) -> GuestEnd? {
        let start = surroundings.now()
        let interrupt = nextInterrupt(start)
        surroundings.endSlice(at: board.nextEvent(after: start))
        let slice = try entrance.enter(
            input: answer, interrupt: interrupt, controllers: board.controllerWord)
        statistics.count(slice.exit)
        answer = 0
        board.apply(controllers: slice.controllers)
        interruptPending = slice.interruptPending
        switch slice.exit {
        case .hostInterrupt, .yield: try serveLinks()
        case .doorbell(NetworkDoorbell.waits): try waitForPackets()
        case .doorbell: moveNetwork()
        case .portRead(let port, let width):
            guard let width = PortWidth(rawValue: width) else { throw Self.nonsense("a port read") }
            answer = UInt64(board.read(port: port, width: width, now: surroundings.now()))
        case .portWrite(let port, let width, let value):
            guard let width = PortWidth(rawValue: width) else { throw Self.nonsense("a port write") }
            board.write(port: port, width: width, value: value, now: surroundings.now())
        case .halted(let canWake):
            guard canWake else {
                moveConsole()
                return .halted
            }
            if try !serveLinks() { try waitForInterrupt() }
        case .exited(let status): return .exited(status)
        case .crashed(let code, let address):
            throw ToolError(.crashed, CrashText.text(code, address))
        }
        return switch board.power {
        case .on: nil
        case .reset: .reset
        case .off(let byte): .poweredOff(byte)
        }
    }

    /// The interrupt to deliver now: none while the guest has not taken the one before, and none with a vector that is
    /// an exception's, as before the guest has set its controllers up.
    private mutating func nextInterrupt(_ now: UInt64) -> UInt8? {
        guard !interruptPending, let vector = board.pendingInterrupt(now: now), vector >= 32 else {
            return nil
        }
        return board.acknowledge()
    }

    private mutating func waitForInterrupt() throws(ToolError) {
        while !interruptPending {
            let now = surroundings.now()
            if board.pendingInterrupt(now: now) != nil { return }
            surroundings.sleep(until: board.nextEvent(after: now))
            // Where it is now, it may have another exit.
            if try serveLinks() { return }
        }
    }

    /// Looks after the world outside, between two entries: the console, the network, and who wants the guest elsewhere.
    /// Whether it was moved.
    @discardableResult
    private mutating func serveLinks() throws(ToolError) -> Bool {
        moveConsole()
        moveNetwork()
        return try serveRequests()
    }

    private mutating func serveRequests() throws(ToolError) -> Bool {
        var wasMoved = false
        while true {
            if let place = surroundings.request() {
                do throws(ToolError) {
                    try entrance.move(to: place)
                    surroundings.answer(nil)
                } catch { surroundings.answer(error) }
                board.apply(controllers: entrance.takeControllers())
                wasMoved = true
            }
            guard entrance.isPaused else { return wasMoved }
            surroundings.waitForRequest()
            try entrance.confirm()
        }
    }

    /// As after HLT, but the guest is awake and sees packets without an interrupt.
    private mutating func waitForPackets() throws(ToolError) {
        while moveNetwork() == .nothing, !interruptPending {
            let now = surroundings.now()
            if board.pendingInterrupt(now: now) != nil { return }
            surroundings.sleep(until: board.nextEvent(after: now))
            moveConsole()
            if try serveRequests() { return }
        }
    }

    private mutating func moveConsole() {
        let bytes = board.takeOutput()
        if !bytes.isEmpty { surroundings.output(bytes) }
        if typed.isEmpty { typed = surroundings.input(limit: Self.inputLimit)[...] }
        if !typed.isEmpty { typed = typed.dropFirst(board.sendInput(typed)) }
        if let size = surroundings.newWindowSize() { board.setWindowSize(size) }
    }

    @discardableResult
    private mutating func moveNetwork() -> NetworkNews {
        let news = surroundings.moveNetwork()
        if news == .ring { board.ring() }
        return news
    }

    private static func nonsense(_ what: String) -> ToolError {
        ToolError(.managerFault, "\(what) of a width that does not exist")
    }
}

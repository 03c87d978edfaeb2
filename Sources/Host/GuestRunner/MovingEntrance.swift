public import Diagnostics
public import ManagerClient
internal import SICEABI

/// What the host has to do with its own CPUs around a guest.
public protocol CoreKeeper {
    /// Takes a CPU from the host and launches the environment on it. After an error the host has it back.
    func launch(_ environment: UInt32, on core: Int) throws(ToolError)
    /// Stops the environment and gives its CPU back. Throws `coreBusy`, `coreNotMoved`.
    func takeBack(_ environment: UInt32) throws(ToolError)
    /// Keeps the calling thread on one CPU, for slices in time-sharing mode.
    func stayOnOneCore() throws(ToolError)
    /// Takes that back.
    func useAnyCore()
    /// Whether a CPU that was taken from the host still is the guest's: the host may bring it back by force.
    func claim(on core: Int) -> CoreClaim
}

/// Whose a CPU is that the host gave away.
public enum CoreClaim: Equatable, Sendable {
    case guests
    /// The host starts it. It must not be sent a signal now, which could hit it before it knows what to do with one.
    case changing
    case hosts
}

/// What the caller of a guest that runs beside it wants.
public enum Attention: Equatable, Sendable {
    case none
    /// The time that it asked for has come.
    case time
    /// Somebody outside, or the guest's network, has something; more often follows soon.
    case input
}

/// Enters a Linux guest in the mode that it is in, which changes between two entries.
///
/// Each exit is handed out once, and each answer and interrupt reaches the guest once, whatever changes between them:
/// - Of a core that leaves, an exit that nobody has seen yet may be left in the exchange page.
/// - A guest that waits for an answer shows its exit again on the core that it is launched on.
/// - The manager takes what is in the page before a core leaves, so nothing written there has to be repeated.
public final class MovingEntrance<Connection: ManagerConnection, Keeper: CoreKeeper>: GuestEntrance {
    private let client: ManagerClient<Connection>
    private let environment: UInt32
    private let keeper: Keeper
    private let attention: () -> Attention

    public private(set) var place = GuestPlace.nowhere
    /// Handed out and not answered yet; nil for one that needs no answer where the guest is now.
    private var owed: EnvironmentExit?
    /// Posted by a core before it left, and not handed out yet.
    private var leftBehind: EnvironmentExit?
    /// Given by the runner together with ``leftBehind``.
    private var held: UInt8?
    private var interruptPending = false
    /// What the exchange page said last of the guest's interrupt controllers.
    private var controllers: UInt64 = 0
    /// The same of a core that left, until somebody takes it.
    private var lastControllers: UInt64 = 0

    /// Looks at the exchange page in vain, since the guest or somebody outside last did something: the longer it computes,
    /// the less often somebody looks.
    private var looksInVain = 0

    private var conversation: ExchangeConversation<Connection> { client.exchange(with: environment) }
    private static var looksBetweenConsole: Int { 300 }
    private static var looksForArrival: Int { 10_000 }
    /// Half a minute, as ``ManagerConnection/pause(afterLooks:)`` pauses: a kernel starts a CPU in less.
    var looksForTheHost = 60_000

    /// For a guest that stands still; nothing runs before ``move(to:)``. `attention` tells when the caller wants to be
    /// asked for an interrupt, while the guest runs on a core of its own.
    public init(
        _ environment: UInt32, _ client: ManagerClient<Connection>, _ keeper: Keeper,
        attention: @escaping () -> Attention
    ) {
        self.environment = environment
        self.client = client
        self.keeper = keeper
        self.attention = attention
    }

    /// An end that was left behind is handed out first.
    public var isPaused: Bool { place == .nowhere && leftBehind?.isEnd != true }

    public func takeControllers() -> UInt64 {
        defer { lastControllers = 0 }
        return lastControllers
    }

    /// Throws `noSuchEnvironment` when a guest that stands still was destroyed.
    public func confirm() throws(ToolError) {
        // The one command that needs neither staging memory nor a guest that runs.
        _ = try client.stop(environment)
    }

    public func enter(input: UInt64, interrupt: UInt8?, controllers: UInt64) throws(ToolError) -> Slice {
        if let exit = leftBehind.take() {
            held = interrupt
            owed = exit.awaitsAnswer ? exit : nil
            return Slice(exit: exit, interruptPending: interruptPending || interrupt != nil)
        }
        let interrupt = interrupt ?? held.take()
        let slice: Slice
        if case .ownCore(let core) = place {
            slice = try converse(input, interrupt, controllers, core)
        } else {
            slice = try client.enter(
                environment, input: input, interrupt: interrupt, controllers: controllers)
        }
        owed = slice.exit == .hostInterrupt ? nil : slice.exit
        interruptPending = slice.interruptPending
        return slice
    }

    /// Answers what is owed and looks at the exchange page for the next exit, for a while.
    private func converse(
        _ input: UInt64, _ interrupt: UInt8?, _ controllers: UInt64, _ core: Int
    ) throws(ToolError) -> Slice {
        if interrupt != nil { interruptPending = true }
        if interrupt != nil || conversation.isAsleep, try noticeLoss(of: core) {
            // Nobody is there to be answered.
        } else if owed != nil {
            try conversation.answer(input, interrupt: interrupt, controllers: controllers)
            self.controllers = 0
        } else if let interrupt {
            try conversation.interrupt(interrupt)
        }
        var looks = 0
        while true {
            // In this order: the last exit of a core that left is there when one sees that it left.
            let hasLeft = conversation.hasLeft
            if let exit = try conversation.exit() {
                looksInVain = 0
                return slice(exit)
            }
            guard !hasLeft else {
                throw ToolError(.wrongState, "environment \(environment) left its core")
            }
            if conversation.controllers != self.controllers { return slice(.hostInterrupt) }
            // The guest goes on meanwhile; its console wants a look now and then.
            let attention = attention()
            if attention == .input { looksInVain = 0 }
            if attention != .none || looks > Self.looksBetweenConsole {
                if looks > 0, try noticeLoss(of: core) { continue }
                return Slice(
                    exit: .hostInterrupt, interruptPending: interruptPending, controllers: self.controllers)
            }
            client.connection.pause(afterLooks: looksInVain)
            looks += 1
            looksInVain += 1
        }
    }

    private func slice(_ exit: EnvironmentExit) -> Slice {
        // A guest that ended an interrupt has taken it; the page says so before it says what the guest did.
        controllers = conversation.controllers
        return Slice(exit: exit, interruptPending: conversation.isEventPending, controllers: controllers)
    }

    /// When the host brought the core online by force, makes it come into the manager, which then finds that the guest
    /// is lost and says so in the exchange page. Throws `coreNotMoved`, `coreBusy`.
    private func noticeLoss(of core: Int) throws(ToolError) -> Bool {
        var claim = CoreClaim.changing
        try wait(looksForTheHost, ToolError(.coreNotMoved, "CPU \(core) does not come up")) {
            () throws(ToolError) in
            claim = keeper.claim(on: core)
            return claim != .changing
        }
        guard claim == .hosts else { return false }
        let lost = ToolError(.coreBusy, "the core of environment \(environment) does not come back")
        try wait(looksForTheHost, lost) { () throws(ToolError) in try client.stop(environment) }
        return true
    }

    /// Looks until something is so. Throws `failure` when it does not come about: a guest's server that waits for ever can
    /// neither be stopped nor serve.
    private func wait(
        _ limit: Int, _ failure: ToolError, until isSo: () throws(ToolError) -> Bool
    ) throws(ToolError) {
        var looks = 0
        while try !isSo() {
            guard looks < limit else { throw failure }
            client.connection.pause(afterLooks: looks)
            looks += 1
        }
    }
}

extension MovingEntrance {
    /// Changes the guest's mode, between two entries. After an error it goes on where it was or, when it had to leave its
    /// core already, in time-sharing mode; one that stood still still does. Throws what taking or giving back a CPU does.
    public func move(to new: GuestPlace) throws(ToolError) {
        guard new != place else { return }
        let wasPaused = isPaused
        do throws(ToolError) {
            if case .ownCore = place { try leaveCore() }
            try settle(at: new)
        } catch {
            if isPaused, !wasPaused { try settle(at: .sharedCore) }
            throw error
        }
    }

    private func settle(at new: GuestPlace) throws(ToolError) {
        keeper.useAnyCore()
        switch new {
        case .nowhere: break
        case .sharedCore: try keeper.stayOnOneCore()
        case .ownCore(let core):
            // Where it was, should this fail.
            defer { if place == .sharedCore { try? keeper.stayOnOneCore() } }
            try keeper.launch(environment, on: core)
            place = new
            do throws(ToolError) { return try arrive() } catch {
                try leaveCore()
                throw error
            }
        }
        place = new
    }

    private func leaveCore() throws(ToolError) {
        let outcome: Result<Void, ToolError>
        do throws(ToolError) { outcome = .success(try keeper.takeBack(environment)) } catch {
            outcome = .failure(error)
        }
        if conversation.hasLeft {
            place = .nowhere
            lastControllers = conversation.controllers
            controllers = 0
            if let exit = try conversation.exit(), exit != owed {
                leftBehind = exit
                interruptPending = conversation.isEventPending
            }
        }
        try outcome.get()
    }

    /// Waits until the guest is on its core: before, nobody would look at an interrupt. An exit that waits for an answer
    /// is posted there again. Throws `coreUnreachable`.
    private func arrive() throws(ToolError) {
        let shownAgain = (leftBehind ?? owed).flatMap { $0.awaitsAnswer ? $0 : nil }
        let failure = ToolError(.coreUnreachable, "environment \(environment) does not arrive there")
        try wait(Self.looksForArrival, failure) { () throws(ToolError) in
            try hasArrived(shownAgain != nil)
        }
        if leftBehind == shownAgain { leftBehind = nil }
        // One that crashed there has another exit, which is news.
        let exit = try conversation.exit()
        owed = owed == shownAgain && exit == shownAgain ? shownAgain : nil
    }

    private func hasArrived(_ showsExit: Bool) throws(ToolError) -> Bool {
        guard conversation.hasEntered, showsExit else { return conversation.hasEntered }
        return try conversation.exit() != nil
    }
}

extension EnvironmentExit {
    /// The guest waits for a word of the host.
    fileprivate var awaitsAnswer: Bool {
        switch self {
        case .portRead, .yield: true
        default: false
        }
    }
}

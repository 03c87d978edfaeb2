public import Diagnostics
public import ManagerAccess
internal import SICEABI

/// Enters a Linux guest in the mode that it is in, which changes between two entries: ``GuestPhase`` says how.
public final class MovingEntrance<Connection: ManagerConnection, Keeper: CoreKeeper>: GuestEntrance {
    let client: ManagerClient<Connection>
    let environment: UInt32
    let keeper: Keeper
    private let attention: () -> Attention

    private(set) var phase = GuestPhase.paused(.guest)
    private var interrupt = InterruptInFlight.none
    /// What the exchange page said last of the guest's interrupt controllers.
    private var seenControllers: UInt64 = 0
    /// The same of a core that left, until somebody takes it.
    private var lastControllers: UInt64 = 0
    /// Looks at the exchange page that found nothing, since the guest or somebody outside last did something: the longer it
    /// computes, the less often somebody looks.
    private var fruitlessLooks = 0

    var conversation: ExchangeConversation<Connection> { client.exchange(with: environment) }
    private static var looksBetweenConsole: Int { 300 }
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

    public var place: GuestPlace { phase.place }
    public var isPaused: Bool { phase.isPaused }

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
        if let exit = phase.turn.unseen.first {
            self.interrupt = self.interrupt.holding(interrupt)
            try advance(.delivered)
            return Slice(exit: exit, interruptPending: self.interrupt.isPending)
        }
        let interrupt = self.interrupt.delivering(interrupt)
        self.interrupt = interrupt.after
        let slice: Slice
        if case .ownCore(let core) = place {
            slice = try converse(input, interrupt.vector, controllers, core)
        } else {
            slice = try client.enter(
                environment, input: input, interrupt: interrupt.vector, controllers: controllers)
        }
        try advance(.exited(slice.exit))
        self.interrupt = self.interrupt.observed(pending: slice.interruptPending)
        return slice
    }

    func advance(_ event: GuestPhase.Event) throws(ToolError) {
        guard let next = phase.next(event) else {
            throw ToolError(.internalFailure, "\(event) of a guest that is \(phase)")
        }
        phase = next
    }

    /// Answers the last exit and looks at the exchange page for the next one, for a while.
    private func converse(
        _ input: UInt64, _ vector: UInt8?, _ controllers: UInt64, _ core: Int
    ) throws(ToolError) -> Slice {
        if vector != nil || conversation.isAsleep, try noticeLoss(of: core) {
            // Nobody is there to be answered.
        } else if case .host = phase.turn {
            try conversation.answer(input, interrupt: vector, controllers: controllers)
            seenControllers = 0
        } else if let vector {
            try conversation.interrupt(vector)
        }
        return try awaitExit(core)
    }

    /// Looks at the exchange page for the next exit, for a while.
    private func awaitExit(_ core: Int) throws(ToolError) -> Slice {
        var looks = 0
        while true {
            // In this order: the last exit of a core that left is there when one sees that it left.
            let hasLeft = conversation.hasLeft
            if let exit = try conversation.exit() {
                fruitlessLooks = 0
                return slice(exit)
            }
            guard !hasLeft else {
                throw ToolError(.wrongState, "environment \(environment) left its core")
            }
            if conversation.controllers != seenControllers { return slice(.hostInterrupt) }
            // The guest goes on meanwhile; its console wants a look now and then.
            let attention = attention()
            if attention == .input { fruitlessLooks = 0 }
            if attention != .none || looks > Self.looksBetweenConsole {
                if looks > 0, try noticeLoss(of: core) { continue }
                return Slice(
                    exit: .hostInterrupt, interruptPending: interrupt.isPending, controllers: seenControllers)
            }
            client.connection.pause(afterLooks: fruitlessLooks)
            looks += 1
            fruitlessLooks += 1
        }
    }

    private func slice(_ exit: EnvironmentExit) -> Slice {
        // A guest that ended an interrupt has taken it; the page says so before it says what the guest did.
        seenControllers = conversation.controllers
        return Slice(
            exit: exit, interruptPending: conversation.isEventPending, controllers: seenControllers)
    }

    /// Notes what a core that left has in its page.
    func noteLeaving() throws(ToolError) {
        lastControllers = conversation.controllers
        seenControllers = 0
        let before = phase.turn
        try advance(.left(try conversation.exit()))
        guard phase.turn != before else { return }
        interrupt = interrupt.observed(pending: conversation.isEventPending)
    }
}

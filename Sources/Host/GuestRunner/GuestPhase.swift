internal import ManagerAccess

/// Where a guest is between two entries, and whose turn it is there.
///
/// Each exit is delivered once, and each answer reaches the guest once, whatever changes between them:
/// - Of a core that leaves, exits that nobody has seen yet may be left in the exchange page.
/// - A guest that waits for an answer shows its exit again on the core that it is launched on.
/// - The manager takes what is in the page before a core leaves, so nothing written there has to be repeated.
enum GuestPhase: Equatable, Sendable {
    /// It stands still.
    case paused(Turn)
    /// Time-sharing mode.
    case shared(Turn)
    /// Launched on a core of its own that has not come into the manager yet: nobody there would see an interrupt.
    case arriving(Int, Turn)
    /// Multi-core mode, on the host's CPU of this number.
    case own(Int, Turn)

    /// Who does the next step.
    enum Turn: Equatable, Sendable {
        /// The guest goes on by itself.
        case guest
        /// The host: this exit was delivered, and what it is answered comes with the next entry.
        case host(EnvironmentExit)
        /// Posted by cores before they left, the oldest first, at least one, and not delivered yet. None but the last may
        /// wait for an answer: it would be shown again on the next core.
        case unseen([EnvironmentExit])
    }

    /// What may happen to a guest.
    enum Event: Equatable, Sendable {
        /// An entry ended so, and the exit was delivered.
        case exited(EnvironmentExit)
        /// The oldest unseen exit was delivered.
        case delivered
        /// Its core was given back; the exit there that was not answered yet.
        case left(EnvironmentExit?)
        /// It shall stand still; it was on no core of its own.
        case pause
        /// It shall go on in time-sharing mode.
        case share
        /// The host gave it this CPU.
        case launched(Int)
        /// It came into the manager there; the exit that it shows.
        case arrived(EnvironmentExit?)
    }

    /// The phase after an event; nil for one that cannot happen now.
    func next(_ event: Event) -> GuestPhase? {
        switch (self, event) {
        case (.shared(let turn), .exited(let exit)):
            turn.after(exit).map { .shared($0) }
        case (.own(let core, let turn), .exited(let exit)),
            (.arriving(let core, let turn), .exited(let exit)):
            turn.after(exit).map { .own(core, $0) }
        case (_, .delivered):
            turn.afterDelivery.map(with)
        case (.own(_, let turn), .left(let exit)), (.arriving(_, let turn), .left(let exit)):
            .paused(turn.afterLeaving(exit))
        case (.shared(let turn), .pause), (.paused(let turn), .pause): .paused(turn)
        case (.paused(let turn), .share), (.shared(let turn), .share): .shared(turn)
        case (.paused(let turn), .launched(let core)), (.shared(let turn), .launched(let core)):
            .arriving(core, turn)
        case (.arriving(let core, let turn), .arrived(let exit)): .own(core, turn.afterArrival(exit))
        default: nil
        }
    }

    var turn: Turn {
        switch self {
        case .paused(let turn), .shared(let turn), .arriving(_, let turn), .own(_, let turn): turn
        }
    }

    private func with(_ turn: Turn) -> GuestPhase {
        switch self {
        case .paused: .paused(turn)
        case .shared: .shared(turn)
        case .arriving(let core, _): .arriving(core, turn)
        case .own(let core, _): .own(core, turn)
        }
    }

    var place: GuestPlace {
        switch self {
        case .paused: .nowhere
        case .shared: .sharedCore
        case .arriving(let core, _), .own(let core, _): .ownCore(core)
        }
    }

    /// It stands still, and nothing of it is left to be told: an end that was left behind is delivered first.
    var isPaused: Bool {
        guard case .paused(let turn) = self else { return false }
        return turn.unseen.last?.isEnd != true
    }
}

extension GuestPhase.Turn {
    /// Not delivered yet, the oldest first.
    var unseen: [EnvironmentExit] { if case .unseen(let exits) = self { exits } else { [] } }

    /// The exit that the guest waits in, and shows again on another core.
    var waiting: EnvironmentExit? {
        switch self {
        case .guest: nil
        case .host(let exit): exit.awaitsAnswer ? exit : nil
        case .unseen(let exits): exits.last.flatMap { $0.awaitsAnswer ? $0 : nil }
        }
    }

    fileprivate func after(_ exit: EnvironmentExit) -> Self? {
        guard unseen.isEmpty else { return nil }
        return exit == .hostInterrupt ? .guest : .host(exit)
    }

    fileprivate var afterDelivery: Self? {
        guard let exit = unseen.first else { return nil }
        if unseen.count > 1 { return .unseen(Array(unseen.dropFirst())) }
        // Others are done with: only on the core that posted them somebody waited for a word.
        return exit.awaitsAnswer ? .host(exit) : .guest
    }

    fileprivate func afterLeaving(_ exit: EnvironmentExit?) -> Self {
        guard let exit, self != .host(exit) else { return self }
        return .unseen(unseen + [exit])
    }

    fileprivate func afterArrival(_ exit: EnvironmentExit?) -> Self {
        switch self {
        case .guest: return .guest
        // One that crashed there has another exit, which is news.
        case .host: return exit != nil && exit == waiting ? self : .guest
        case .unseen(let exits):
            // The page has it now.
            let rest = waiting == nil ? exits : exits.dropLast()
            return rest.isEmpty ? .guest : .unseen(rest)
        }
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

public import Diagnostics
internal import ManagerAccess
internal import SICEABI

extension MovingEntrance {
    private static var looksForArrival: Int { 10_000 }

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
        case .nowhere: try advance(.pause)
        case .sharedCore:
            try keeper.stayOnOneCore()
            try advance(.share)
        case .ownCore(let core):
            // Where it was, should this fail.
            defer { if place == .sharedCore { try? keeper.stayOnOneCore() } }
            try keeper.launch(environment, on: core)
            try advance(.launched(core))
            do throws(ToolError) { try arrive() } catch {
                try leaveCore()
                throw error
            }
        }
    }

    private func leaveCore() throws(ToolError) {
        do throws(ToolError) { try keeper.takeBack(environment) } catch {
            // The guest may have left it all the same; then it is the host that cannot have it back.
            if conversation.hasLeft { try noteLeaving() }
            throw error
        }
        try noteLeaving()
    }

    /// Waits until the guest is on its core. An exit that waits for an answer is posted there again. Throws
    /// `coreUnreachable`.
    private func arrive() throws(ToolError) {
        let showsExit = phase.turn.waiting != nil
        let failure = ToolError(.coreUnreachable, "environment \(environment) does not arrive there")
        try wait(Self.looksForArrival, failure) { () throws(ToolError) in
            guard conversation.hasEntered, showsExit else { return conversation.hasEntered }
            return try conversation.exit() != nil
        }
        try advance(.arrived(try conversation.exit()))
    }

    /// When the host brought the core online by force, makes it come into the manager, which then finds that the guest
    /// is lost and says so in the exchange page. Throws `coreNotMoved`, `coreBusy`.
    func noticeLoss(of core: Int) throws(ToolError) -> Bool {
        var owner = CoreOwner.changing
        try wait(looksForTheHost, ToolError(.coreNotMoved, "CPU \(core) does not come up")) {
            () throws(ToolError) in
            owner = keeper.owner(of: core)
            return owner != .changing
        }
        guard owner == .host else { return false }
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

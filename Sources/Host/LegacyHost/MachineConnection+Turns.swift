public import Diagnostics
internal import ManagerAccess
internal import SICEABI

/// What processes on this machine owe each other.
///
/// A call of a workload takes many slices, and others get in between them; the workload must hear of one call at a time all the
/// same. So a call has a lock of its own, an environment's, which is asked for only by who has the manager: whoever
/// has the manager and finds it free can rely on that until it lets others in.
extension MachineConnection {
    public func letOthersIn() throws(ToolError) {
        try session?.letOthersIn()
        guard isWanted() else { throw ToolError(.callAbandoned) }
    }

    public func beginConversation(with environment: UInt32) throws(ToolError) {
        let file = try Self.conversation(with: environment)
        var wait = Wait("the workload of environment \(environment)")
        while try !file.tryLock() {
            try wait.next(for: file)
            try letOthersIn()
        }
        conversation = file
    }

    public func endConversation() { conversation = nil }

    public func isConversing(_ environment: UInt32) throws(ToolError) -> Bool {
        // Free again when the file is closed.
        try !Self.conversation(with: environment).tryLock()
    }

    private static func conversation(with environment: UInt32) throws(ToolError) -> LockFile {
        try LockFile("\(HostSession.folder)/call-\(environment)")
    }

    /// Waits for the end of a call that somebody is in with an environment, which is to be moved.
    public func awaitEndOfConversation(with environment: UInt32) throws(ToolError) {
        try beginConversation(with: environment)
        endConversation()
    }
}

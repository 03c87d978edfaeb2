import Dispatch
public import Foundation

extension Process {
    /// A program that a test started did not end in time.
    public struct Overdue: Error, CustomStringConvertible {
        public let description: String
    }

    /// Starts it and waits for its end.
    ///
    /// Foundation takes a program for running while anything that it left behind holds what it was given open; a test would wait
    /// for that until somebody ended all tests, and nobody would know which.
    /// - Throws: `Overdue` after `limit` seconds, when it and all in its process group have been killed.
    public func runToItsEnd(limit: Int = 15 * 60) throws {
        let ended = DispatchSemaphore(value: 0)
        terminationHandler = { _ in ended.signal() }
        try run()
        guard ended.wait(timeout: .now() + .seconds(limit)) == .timedOut else { return }
        kill(-processIdentifier, SIGKILL)
        let name = ([executableURL?.path ?? ""] + (arguments ?? [])).joined(separator: " ")
        throw Overdue(
            description: "after \(limit) s it, or something that it started, still ran: \(name)")
    }
}

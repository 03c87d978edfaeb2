internal import Diagnostics
internal import Dispatch
internal import Foundation
internal import LinuxSystem
internal import SICEABI
internal import Synchronization

/// Asks the system for a host's addresses, and no longer than until a deadline.
enum HostLookup {
    private typealias Found = Result<[SocketAddress], AddressLookup.Failure>

    /// All addresses, in the system's order. Throws `targetUnreachable`, `targetTimedOut`.
    static func addresses(_ target: TargetAddress, _ deadline: Deadline) throws(ToolError) -> [SocketAddress]
    {
        do throws(AddressLookup.Failure) {
            return try AddressLookup.addresses(of: target.host, port: target.port, isNumeric: true)
        } catch { guard error.isUnknown else { throw refusal(target, error) } }
        // The resolver has time-outs of its own, and takes none of ours: it is left behind when ours is over.
        let question = Question()
        Thread.detachNewThread {
            let found = Found { () throws(AddressLookup.Failure) in
                try AddressLookup.addresses(of: target.host, port: target.port, isNumeric: false)
            }
            question.answer.withLock { $0 = found }
            question.isAnswered.signal()
        }
        _ = question.isAnswered.wait(timeout: .now() + .milliseconds(Int(deadline.milliseconds)))
        guard let found = question.answer.withLock({ $0 }) else {
            throw HTTPExchange.timedOut(deadline, "still looking for \(target.host)'s address")
        }
        do throws(AddressLookup.Failure) { return try found.get() } catch { throw refusal(target, error) }
    }

    private final class Question: Sendable {
        let answer = Mutex<Found?>(nil)
        let isAnswered = DispatchSemaphore(value: 0)
    }

    private static func refusal(_ target: TargetAddress, _ failure: AddressLookup.Failure) -> ToolError {
        ToolError(.targetUnreachable, "\(target.host): \(failure)")
    }
}

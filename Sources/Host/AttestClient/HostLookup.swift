internal import Diagnostics
internal import Dispatch
internal import Foundation
internal import Glibc
internal import SICEABI
internal import Synchronization

/// Where connections to a host and port go.
struct Endpoint: Sendable {
    let family: Int32
    /// A `sockaddr` of that family.
    let address: [UInt8]
}

/// Asks the system for a host's addresses.
enum HostLookup {
    private struct Failure: Error {
        let code: Int32
    }

    /// All addresses, in the system's order. Throws `targetUnreachable`, `targetTimedOut`.
    static func endpoints(_ target: TargetAddress, _ deadline: Deadline) throws(ToolError) -> [Endpoint] {
        do throws(Failure) { return try ask(target, AI_NUMERICHOST) } catch {
            guard error.code == EAI_NONAME else { throw refusal(target, error) }
        }
        // The resolver has time-outs of its own, and takes none of ours: it is left behind when ours is over.
        let question = Question()
        Thread.detachNewThread {
            let found = Result { () throws(Failure) in try ask(target, 0) }
            question.answer.withLock { $0 = found }
            question.isAnswered.signal()
        }
        _ = question.isAnswered.wait(timeout: .now() + .milliseconds(Int(deadline.milliseconds)))
        guard let found = question.answer.withLock({ $0 }) else {
            throw HTTPExchange.timedOut(deadline, "still looking for \(target.host)'s address")
        }
        do throws(Failure) { return try found.get() } catch { throw refusal(target, error) }
    }

    private final class Question: Sendable {
        let answer = Mutex<Result<[Endpoint], Failure>?>(nil)
        let isAnswered = DispatchSemaphore(value: 0)
    }

    private static func refusal(_ target: TargetAddress, _ failure: Failure) -> ToolError {
        let reason = unsafe String(cString: gai_strerror(failure.code))
        return ToolError(.targetUnreachable, "\(target.host): \(reason)")
    }

    private static func ask(_ target: TargetAddress, _ flags: Int32) throws(Failure) -> [Endpoint] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = flags | AI_NUMERICSERV
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(target.host, String(target.port), &hints, &list)
        guard code == 0 else { throw Failure(code: code) }
        defer { unsafe freeaddrinfo(list) }
        var endpoints: [Endpoint] = []
        var next = unsafe list
        while let entry = unsafe next?.pointee {
            let bytes = unsafe UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen))
            unsafe endpoints.append(Endpoint(family: entry.ai_family, address: Array(bytes)))
            unsafe next = entry.ai_next
        }
        return endpoints
    }
}

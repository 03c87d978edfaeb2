internal import Diagnostics
internal import Foundation
internal import SICEABI

/// One request and its answer, on a connection of its own.
///
/// Written out here, because the target is the adversary and a general client serves it too well: URLSession on Linux asks for
/// compressed answers and expands them before anybody can count, queues what arrives faster than it is looked at, counts its
/// time-out from the last byte, follows the environment's proxies, and says "error -1001". This one holds at most the
/// answer's limit, ends by a deadline, goes nowhere but where it was told, and keeps nothing for the next exchange.
enum HTTPExchange {
    private static let pieceSize = 1 << 16

    /// Runs on a thread of its own, since it waits. Throws `targetUnreachable`, `targetTimedOut`, `targetUnusable`.
    static func run(
        _ request: [UInt8], to target: TargetAddress, limit: Int, seconds: Double
    ) async throws(ToolError) -> HTTPAnswer {
        let outcome = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    returning: Result { () throws(ToolError) in
                        try exchange(request, target, limit: limit, Deadline(seconds: seconds))
                    })
            }
        }
        return try outcome.get()
    }

    private static func exchange(
        _ request: [UInt8], _ target: TargetAddress, limit: Int, _ deadline: Deadline
    ) throws(ToolError) -> HTTPAnswer {
        let connection = try TargetConnection(to: HostLookup.addresses(target, deadline), deadline)
        try connection.send(request)
        var answer = HTTPAnswer(limit: limit)
        while !answer.isComplete {
            let piece = try connection.receive(pieceSize, progress: answer.progress)
            if piece.isEmpty { try answer.finish() } else { try answer.append(piece[...]) }
        }
        return answer
    }

    /// The head of a request; `length` of its body, nil for none.
    static func head(
        _ method: String, _ path: String, to target: TargetAddress, type: String? = nil, length: Int? = nil
    ) -> [UInt8] {
        var lines = [
            "\(method) \(target.path)\(path) HTTP/1.1", "Host: \(target.authority)",
            "Accept-Encoding: identity",
            "Connection: close",
        ]
        if let type { lines.append("Content-Type: \(type)") }
        if let length { lines.append("Content-Length: \(length)") }
        return Array((lines + ["", ""]).joined(separator: "\r\n").utf8)
    }

    static func timedOut(_ deadline: Deadline, _ progress: String) -> ToolError {
        ToolError(.targetTimedOut, "after \(deadline.seconds.formatted()) s: \(progress)")
    }
}

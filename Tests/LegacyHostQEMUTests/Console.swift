import Foundation
import Glibc

/// The shell on the machine's serial port.
final class Console: Sendable {
    private let descriptor: Int32

    /// What a command wrote, both streams, and its exit status.
    struct Answer {
        let text: String
        let status: Int
    }

    enum Failure: Error {
        case noConnection
        case noAnswer(String)
    }

    init(socket path: String) throws {
        descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw Failure.noConnection }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Runs a command in the legacy host, as root.
    func run(_ command: String) throws -> Answer {
        // The marks are put together by the shell, so that the echo of the line does not hold them.
        send("echo '<'begin'>'; \(command) 2>&1; echo '<'status=$?'>'")
        var received = ""
        while true {
            if let answer = Console.parse(received) { return answer }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = unsafe read(descriptor, &buffer, buffer.count)
            guard count > 0 else { throw Failure.noAnswer(received) }
            received += String(decoding: buffer[..<count], as: UTF8.self)
        }
    }

    /// Types a line whose answer nobody waits for.
    func send(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress!, $0.count) }
    }

    private static func parse(_ received: String) -> Answer? {
        guard let begin = received.range(of: "<begin>"),
            let end = received.range(of: "<status=", range: begin.upperBound..<received.endIndex),
            let close = received.range(of: ">", range: end.upperBound..<received.endIndex),
            let status = Int(received[end.upperBound..<close.lowerBound])
        else { return nil }
        let text = received[begin.upperBound..<end.lowerBound].replacingOccurrences(of: "\r", with: "")
        return Answer(text: text.trimmingCharacters(in: .newlines), status: status)
    }
}

import Fixtures
import Foundation
import Glibc
import LinuxSystem
import Synchronization
import SystemPackage
import Testing

@testable import LegacyHost

/// The near end of a guest's console, on a terminal of the test's own.
@Suite(.serialized) struct ConsoleClientTests {
    private func pair() throws -> (near: Int32, far: Int32) {
        var sockets: [Int32] = [0, 0]
        try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &sockets) == 0)
        return (sockets[0], sockets[1])
    }

    private func client(_ socket: Int32, _ input: Int32) -> ConsoleClient {
        ConsoleClient(
            socket: OpenFile(FileDescriptor(rawValue: socket)), input: FileDescriptor(rawValue: input))
    }

    private func received(_ socket: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        var all: [UInt8] = []
        while true {
            let count = unsafe recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return all }
            all += bytes.prefix(count)
        }
    }

    /// What was typed before Ctrl-] is the guest's, what came after it the next program's, even in one piece.
    @Test(.timeLimit(.minutes(15))) func keysAroundTheDetachKey_areNotLost() throws {
        let (terminal, sockets) = (try PseudoTerminal(), try pair())
        defer { terminal.close() }
        #expect(terminal.isAsUsual)
        Thread.detachNewThread {
            while terminal.isAsUsual { usleep(1000) }
            _ = unsafe write(terminal.person, "ab\u{1D}cd", 5)
        }
        let end = try client(sockets.near, terminal.program).relay()
        #expect(end == .detached)
        var decoder = ConsoleLineDecoder()
        #expect(decoder.decode(received(sockets.far)) == Array("ab".utf8))
        #expect(terminal.isAsUsual)
        #expect(terminal.rest() == Array("cd".utf8))
        close(sockets.far)
    }

    /// Input that is set to not waiting, and of which another program took what had come, has not ended.
    @Test(.timeLimit(.minutes(15))) func inputThatIsNotThereYet_isNoEnd() throws {
        let (input, sockets) = (try pair(), try pair())
        #expect(fcntl(input.near, F_SETFL, O_NONBLOCK) == 0)
        let ended = Mutex(false)
        Thread.detachNewThread {
            // Both are woken by the same byte, which only one of them finds.
            var byte: UInt8 = 0
            var wait = pollfd(fd: input.near, events: Int16(POLLIN), revents: 0)
            while !ended.withLock({ $0 }) {
                _ = unsafe poll(&wait, 1, 10)
                _ = unsafe recv(input.near, &byte, 1, Int32(MSG_DONTWAIT))
            }
        }
        Thread.detachNewThread {
            var byte: UInt8 = 0
            for _ in 0..<5000 {
                _ = unsafe send(input.far, "x", 1, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
                // The guest takes what was typed; otherwise the client would wait for it.
                while unsafe recv(sockets.far, &byte, 1, Int32(MSG_DONTWAIT)) > 0 {}
                usleep(10)
            }
            ended.withLock { $0 = true }
            usleep(100_000)
            _ = unsafe send(input.far, "END", 3, Int32(MSG_NOSIGNAL))
            usleep(100_000)
            shutdown(sockets.far, Int32(SHUT_WR))
        }
        #expect(try client(sockets.near, input.near).relay() == .lost)
        #expect(received(sockets.far).suffix(3) == Array("END".utf8))
        for file in [input.near, input.far, sockets.far] { close(file) }
    }
}

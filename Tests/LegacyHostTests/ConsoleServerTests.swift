import Diagnostics
import Foundation
import Glibc
import GuestRunner
import LocalSocket
import SICEABI
import Synchronization
import Testing

@testable import LegacyHost

/// The far end of `sice console`, and what the near end makes of its words.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ConsoleServerTests {
    private let path =
        FileManager.default.temporaryDirectory.path + "/sice-console-\(UUID().uuidString.prefix(8))"

    private func connect() throws -> Int32 {
        let connection = LocalConnection.open(path, tries: 1, forServer: false)
        try #require(connection.error == 0)
        return connection.file
    }

    /// What has come, decoded, without waiting.
    private func heard(_ file: Int32) -> (words: String, farewell: ConsoleLine.Farewell?, isOpen: Bool) {
        var decoder = ConsoleAnswerDecoder()
        var (words, bytes) = ([UInt8](), [UInt8](repeating: 0, count: 65536))
        while true {
            let count = unsafe recv(file, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            guard count > 0 else {
                let isOpen = count < 0 && errno == EAGAIN
                return (String(decoding: words, as: UTF8.self), decoder.farewell, isOpen)
            }
            words += decoder.decode(Array(bytes.prefix(count)))
        }
    }

    private func type(_ text: String, _ file: Int32) {
        let bytes = ConsoleLine.encode(Array(text.utf8))
        #expect(unsafe send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
    }

    private func typed(_ server: ConsoleServer) -> String {
        var all: [UInt8] = []
        while let bytes = server.input(limit: 16) { all += bytes }
        return String(decoding: all, as: UTF8.self)
    }

    @Test func second_isToldThatTheConsoleIsTaken() throws {
        let server = try ConsoleServer(path)
        server.output(Array("login: ".utf8))
        let first = try connect()
        #expect(typed(server) == "" && heard(first) == ("login: ", nil, true))
        // What the second one types is nobody's, and does not keep it from hearing why.
        let second = try connect()
        type("secret", second)
        type("root", first)
        #expect(typed(server) == "root")
        #expect(heard(second) == ("", .taken, false))
        server.output([255, 0x41])
        #expect(heard(first).isOpen)
        for file in [first, second] { close(file) }
    }

    /// Who comes when the first one has just gone is let in, after what that one typed.
    @Test func next_isLetInWhenTheFirstHasGone() throws {
        let server = try ConsoleServer(path)
        let first = try connect()
        #expect(typed(server) == "")
        type("exit", first)
        close(first)
        let second = try connect()
        type("ls", second)
        server.output(Array("bye".utf8))
        #expect(typed(server) == "exitls")
        #expect(heard(second) == ("bye", nil, true))
        close(second)
    }

    @Test func end_isToldToAll() throws {
        let server = try ConsoleServer(path)
        server.output(Array("reboot: Power down".utf8))
        let first = try connect()
        #expect(typed(server) == "")
        let waiting = try connect()
        server.end()
        for file in [first, waiting] {
            #expect(heard(file) == ("reboot: Power down", .ended, false))
            close(file)
        }
    }

    /// A server that went without a word.
    @Test func loss_isNoEndOfTheMachine() throws {
        let file = try {
            let server = try ConsoleServer(path)
            let file = try connect()
            #expect(typed(server) == "")
            return file
        }()
        #expect(heard(file) == ("", nil, false))
        close(file)
    }

    @Test(arguments: [
        (ConsoleLine.Farewell?.some(.ended), ConsoleClient.End.ended), (.some(.taken), .taken), (nil, .lost),
    ])
    func client_tellsWhy(_ farewell: ConsoleLine.Farewell?, _ expected: ConsoleClient.End) throws {
        var sockets: [Int32] = [0, 0]
        try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &sockets) == 0)
        let word = farewell.map { ConsoleLine.encode($0) } ?? []
        _ = unsafe send(sockets[1], word, word.count, 0)
        if farewell == nil { close(sockets[1]) }
        // Nothing is typed.
        let input = Pipe()
        let client = ConsoleClient(socket: sockets[0], input: input.fileHandleForReading.fileDescriptor)
        #expect(try client.talk() == expected)
        if farewell != nil { close(sockets[1]) }
    }

    /// A server that is stopped takes nobody out of its queue, and answers nobody in it.
    @Test func stoppedServer_isNotWaitedForForEver() throws {
        let listener = try SocketListener(path)
        func failure(_ body: () throws(ToolError) -> Void) -> ErrorCode? {
            do throws(ToolError) {
                try body()
                return nil
            } catch { return error.code }
        }
        #expect(
            failure { () throws(ToolError) in try ControlClient.move(path, "", to: .nowhere, patience: 1) }
                == .guestServerSilent)
        var queue: [Int32] = []
        while true {
            let connection = LocalConnection.open(path, tries: 1, forServer: false)
            guard connection.error == 0 else { break }
            queue.append(connection.file)
        }
        #expect(
            failure { () throws(ToolError) in _ = try ConsoleClient(path, "", tries: 2) }
                == .guestServerSilent)
        #expect(
            failure { () throws(ToolError) in try ControlClient.move(path, "", to: .nowhere, patience: 1) }
                == .guestServerSilent)
        for file in queue { close(file) }
        _ = listener.file
        #expect(
            failure { () throws(ToolError) in _ = try ConsoleClient(path + "-none", "", tries: 2) }
                == .guestNotServed)
        #expect(
            failure { () throws(ToolError) in
                try ControlClient.move(path + "-none", "", to: .nowhere, patience: 1)
            } == .guestNotServed)
    }
}

import Diagnostics
import Foundation
import Glibc
import GuestRunner
import LinuxSystem
import SICEABI
import Synchronization
import SystemPackage
import Testing

@testable import LegacyHost

/// The far end of `sice console`, and what the near end makes of its words.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ConsoleServerTests {
    private let path =
        FileManager.default.temporaryDirectory.path + "/sice-console-\(UUID().uuidString.prefix(8))"

    private func connect() throws -> OpenFile {
        try LocalConnection.open(path, tries: 1, forServer: false)
    }

    /// What has come, decoded, without waiting.
    private func heard(_ file: OpenFile) -> (words: String, farewell: ConsoleLine.Farewell?, isOpen: Bool) {
        var decoder = ConsoleAnswerDecoder()
        var (words, isOpen) = ([UInt8](), false)
        do throws(Errno) {
            while true {
                let bytes = try file.receiveNow(65536)
                if bytes.isEmpty { break }
                words += decoder.decode(bytes)
            }
        } catch { isOpen = error == .resourceTemporarilyUnavailable }
        return (String(decoding: words, as: UTF8.self), decoder.farewell, isOpen)
    }

    private func type(_ text: String, _ file: OpenFile) throws {
        try file.sendWhole(ConsoleLine.encode(Array(text.utf8)))
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
        try type("secret", second)
        try type("root", first)
        #expect(typed(server) == "root")
        #expect(heard(second) == ("", .taken, false))
        server.output([255, 0x41])
        #expect(heard(first).isOpen)
    }

    /// Who comes when the first one has just gone is let in, after what that one typed.
    @Test func next_isLetInWhenTheFirstHasGone() throws {
        let server = try ConsoleServer(path)
        try {
            let first = try connect()
            #expect(typed(server) == "")
            try type("exit", first)
        }()
        let second = try connect()
        try type("ls", second)
        server.output(Array("bye".utf8))
        #expect(typed(server) == "exitls")
        #expect(heard(second) == ("bye", nil, true))
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
        let client = ConsoleClient(
            socket: OpenFile(FileDescriptor(rawValue: sockets[0])),
            input: FileDescriptor(rawValue: input.fileHandleForReading.fileDescriptor))
        #expect(try client.relay() == expected)
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
        var queue: [OpenFile] = []
        while let connection = try? connect() { queue.append(connection) }
        #expect(
            failure { () throws(ToolError) in _ = try ConsoleClient(path, "", tries: 2) }
                == .guestServerSilent)
        #expect(
            failure { () throws(ToolError) in try ControlClient.move(path, "", to: .nowhere, patience: 1) }
                == .guestServerSilent)
        queue = []
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

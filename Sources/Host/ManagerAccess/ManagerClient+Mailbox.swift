internal import ByteIO
public import Diagnostics
internal import SICEABI

extension ManagerClient {
    /// Streams a request through window 0 of an environment by the SDK's mailbox protocol and hands the answer
    /// to `output`, piece by piece. `token` makes a number that was not used before.
    ///
    /// Throws `noSuchEnvironment`, `windowNotDeclared`, `workloadFailed` with the workload's own status or when it
    /// ended, `crashed`, `managerTaken` when another call of it does not end.
    public func call(
        _ identifier: UInt32, operation: UInt32, input: inout some ByteSource,
        token: () -> UInt64 = { UInt64.random(in: 1...(.max)) },
        output: ([UInt8]) throws(ToolError) -> Void
    ) throws(ToolError) {
        try connection.beginConversation(with: identifier)
        defer { connection.endConversation() }
        let window = try mailboxWindow(identifier)
        let mailbox = MailboxWindow(client: self, environment: identifier, window: window)
        var piece = try input.next(mailbox.room)
        var flags = MailboxFlags.begin
        while true {
            // Only the next piece tells whether this one is the last.
            let following = piece.count == mailbox.room ? try input.next(mailbox.room) : []
            if following.isEmpty { flags |= MailboxFlags.end }
            let answer = try mailbox.exchange(operation, flags, piece, token: token())
            if following.isEmpty { return try receive(answer, mailbox, operation, token, output) }
            piece = following
            flags = 0
        }
    }

    /// The same with request and answer in memory: while the manager is taken, nobody is waited for who sends the one or reads
    /// the other. Throws `workloadFailed` for an answer of more than `mostBytes`, too.
    public func call(
        _ identifier: UInt32, operation: UInt32, input: [UInt8], mostBytes: Int
    ) throws(ToolError) -> [UInt8] {
        var source = ArraySource(input)
        var answer: [UInt8] = []
        try call(identifier, operation: operation, input: &source) { piece throws(ToolError) in
            guard answer.count + piece.count <= mostBytes else {
                throw ToolError(.workloadFailed, "its answer has more than \(mostBytes) bytes")
            }
            answer += piece
        }
        return answer
    }

    /// The ledger names the windows of environments that are there; whether this one still is, the first `RUN` says.
    private func mailboxWindow(_ identifier: UInt32) throws(ToolError) -> WindowLedger.Entry {
        do throws(ToolError) { return try windows.window(0, of: identifier) } catch {
            _ = try environment(identifier)
            throw error
        }
    }

    private func receive(
        _ first: MailboxAnswer, _ mailbox: MailboxWindow<Connection>, _ operation: UInt32,
        _ token: () -> UInt64, _ output: ([UInt8]) throws(ToolError) -> Void
    ) throws(ToolError) {
        var answer = first
        try output(answer.data)
        while answer.hasMore {
            // Else it could go on for ever, and nobody else would get the manager.
            guard !answer.data.isEmpty else {
                throw ToolError(.workloadFailed, "an empty piece that is not its answer's last")
            }
            answer = try mailbox.exchange(operation, MailboxFlags.more, [], token: token())
            try output(answer.data)
        }
    }
}

struct MailboxAnswer {
    let data: [UInt8]
    let hasMore: Bool
}

/// The host's side of ``SICEABI/MailboxLayout``.
struct MailboxWindow<Connection: ManagerConnection> {
    let client: ManagerClient<Connection>
    let environment: UInt32
    let window: WindowLedger.Entry

    /// Bytes of data that fit behind the header.
    var room: Int { window.size - MailboxLayout.data }

    /// Sends one piece and waits for the answer to it.
    ///
    /// A workload hands the token of a piece back when it is done with that piece. Any other word means that it
    /// was not listening yet: it just started, or was busy with a piece of a process that went away. Then the
    /// window may hold that piece's answer, and the piece is written again.
    func exchange(
        _ operation: UInt32, _ flags: UInt32, _ data: [UInt8], token: UInt64
    ) throws(ToolError) -> MailboxAnswer {
        for _ in 0..<3 {
            write(operation, flags, data)
            switch try client.run(environment, input: token) {
            case .yielded(token): return try answer()
            case .yielded: continue
            case .exited(let status):
                throw ToolError(.workloadFailed, "it ended with status \(status)")
            }
        }
        throw ToolError(.workloadFailed, "it does not follow the mailbox protocol")
    }

    private func write(_ operation: UInt32, _ flags: UInt32, _ data: [UInt8]) {
        var header = [UInt8](repeating: 0, count: MailboxLayout.data)
        var span = header.mutableSpan
        span.storeLittleEndian(operation, at: MailboxLayout.operation)
        span.storeLittleEndian(flags, at: MailboxLayout.flags)
        span.storeLittleEndian(UInt32(truncatingIfNeeded: data.count), at: MailboxLayout.length)
        client.connection.write(header[...], at: window.offset)
        client.connection.write(data[...], at: window.offset + MailboxLayout.data)
    }

    private func answer() throws(ToolError) -> MailboxAnswer {
        let header = client.connection.read(MailboxLayout.data, at: window.offset)
        let status = header.span.littleEndian(at: MailboxLayout.status, as: UInt32.self)
        let length = header.span.littleEndian(at: MailboxLayout.length, as: UInt32.self)
        let flags = header.span.littleEndian(at: MailboxLayout.flags, as: UInt32.self)
        guard status == 0 else { throw ToolError(.workloadFailed, "status \(status)") }
        // The workload is not trusted with the host's memory any more than the other way round.
        guard Int(length) <= room else {
            throw ToolError(.workloadFailed, "an answer of \(length) bytes does not fit its window")
        }
        return MailboxAnswer(
            data: client.connection.read(Int(length), at: window.offset + MailboxLayout.data),
            hasMore: flags & MailboxFlags.more != 0)
    }
}

import NVSession
import SICEABI
import Testing

/// Commands that a TPM takes, and answers that only it can have given.
@Suite struct NVSessionTests {
    private var bench = SessionBench()

    @Test mutating func head_isReadAndExtended() throws {
        try bench.start()
        let before = try bench.contents(bench.tpm.execute(bench.readCommand()))
        #expect(before == bench.tpm.head)
        try bench.extended(bench.tpm.execute(bench.extendCommand()))
        let after = try bench.contents(bench.tpm.execute(bench.readCommand(isLast: true)))
        let head = InlineArray<32, UInt8> { before[$0] }
        let moved = array(bench.cryptography.extended(head, by: SessionBench.digest))
        #expect(after == moved)
        #expect(bench.tpm.sessions.isEmpty)
    }

    /// Whoever carries a command changes nothing of it: the TPM knows.
    @Test mutating func tpm_refusesEveryFlippedBitOfACommand() throws {
        try bench.start()
        let command = try bench.extendCommand()
        // Behind header, handles and size, which a TPM looks at before it comes to any HMAC.
        for bit in (22 * 8)..<(command.count * 8) {
            var copy = bench.tpm
            _ = copy.execute(flip(command, bit))
            #expect(copy.extensions == 0, "bit \(bit)")
        }
        _ = bench.tpm.execute(command)
        #expect(bench.tpm.extensions == 1)
        // The same again is for a nonce that is gone.
        _ = bench.tpm.execute(command)
        #expect(bench.tpm.extensions == 1)
    }

    @Test mutating func reject_everyFlippedBitOfAnAnswer() throws {
        try bench.start()
        let answer = bench.tpm.execute(try bench.readCommand())
        for bit in 0..<(answer.count * 8) {
            var copy = bench
            let isCode = (48..<80).contains(bit)
            #expect(throws: isCode ? ErrorCode.historyRefused : .historyNotAuthentic, "bit \(bit)") {
                try copy.contents(flip(answer, bit))
            }
        }
        #expect(try bench.contents(answer) == bench.tpm.head)
    }

    @Test mutating func reject_answersOfEveryOtherLength() throws {
        try bench.start()
        let answer = bench.tpm.execute(try bench.readCommand())
        for other in (0..<answer.count).map({ Array(answer[..<$0]) }) + [answer + [0]] {
            var copy = bench
            #expect(throws: ErrorCode.historyNotAuthentic) { try copy.contents(other) }
        }
    }

    /// An answer to an earlier command, of this session or another, says nothing of now.
    @Test mutating func reject_replayedAnswers() throws {
        try bench.start()
        let earlier = bench.tpm.execute(try bench.readCommand())
        _ = try bench.contents(earlier)
        _ = bench.tpm.execute(try bench.readCommand())
        var copy = bench
        #expect(throws: ErrorCode.historyNotAuthentic) { try copy.contents(earlier) }
        try bench.start()
        let extended = bench.tpm.execute(try bench.extendCommand())
        copy = bench
        // An answer to an extension is none to a read, and the other way round.
        #expect(throws: ErrorCode.historyNotAuthentic) { try copy.contents(extended) }
        #expect(throws: ErrorCode.historyNotAuthentic) { try copy.extended(earlier) }
    }

    /// Another TPM, or an index that other firmware made again, does not know the authorization value.
    @Test func reject_anotherIndex() throws {
        var other = SessionBench(authValue: 8)
        try other.start()
        let refused = other.tpm.execute(try other.readCommand())
        #expect(throws: ErrorCode.historyRefused) { try other.contents(refused) }
    }

    @Test(arguments: [0x922, 0x920, 0x903, 0x18B, 0x9A2])
    func reject_errorsOfTheTPM(_ code: Int) throws {
        let answer = [0x80, 1, 0, 0, 0, 10, 0, 0, UInt8(code >> 8), UInt8(code & 0xFF)]
        var bench = SessionBench()
        #expect(throws: ErrorCode.historyRefused) { try bench.started(answer) }
        try bench.start()
        _ = try bench.extendCommand()
        #expect(throws: ErrorCode.historyRefused) { try bench.extended(answer) }
    }

    @Test func reject_missingEntropyAndRoom() throws {
        var bench = SessionBench()
        try bench.start()
        #expect(throws: ErrorCode.bufferTooSmall) { try bench.extendCommand(room: 100) }
        bench.cryptography.hasEntropy = false
        #expect(throws: ErrorCode.noEntropy) { try bench.readCommand() }
    }

    private func flip(_ bytes: [UInt8], _ bit: Int) -> [UInt8] {
        var forged = bytes
        forged[bit / 8] ^= 1 << (bit % 8)
        return forged
    }
}

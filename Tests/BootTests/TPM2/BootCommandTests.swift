import SICEABI
import TPM2
import Testing

@Suite struct BootCommandTests {
    @Test func startup_isClearAndWithoutSessions() throws {
        var client = TPMClient(ScriptedTransport(answer()))
        try client.startup()
        #expect(client.transport.commands == [[0x80, 0x01, 0, 0, 0, 12, 0, 0, 1, 0x44, 0, 0]])
    }

    @Test func startup_acceptsTPMThatWasStarted() throws {
        var client = TPMClient(ScriptedTransport(answer(0x100)))
        try client.startup()
        #expect(client.lastResponseCode == 0x100)
    }

    @Test func startup_failsOnOtherCode() {
        var client = TPMClient(ScriptedTransport(answer(0x101)))
        #expect(throwing { () throws(ErrorCode) in try client.startup() } == .tpmCommandFailed)
        #expect(client.lastResponseCode == 0x101)
    }

    @Test func retry_sendsTheSameCommandAgain() throws {
        var client = TPMClient(ScriptedTransport(answer(0x922), answer(0x90A), answer()))
        try client.startup()
        #expect(client.transport.commands.count == 3)
        #expect(Set(client.transport.commands).count == 1)
    }

    @Test func retry_endsWithTheTPMsPatience() {
        var transport = ScriptedTransport()
        transport.answers = Array(repeating: answer(0x922), count: 1000)
        var client = TPMClient(transport)
        #expect(throwing { () throws(ErrorCode) in try client.startup() } == .tpmCommandFailed)
        #expect(client.lastResponseCode == 0x922)
        #expect(client.transport.commands.count == 100)
    }

    @Test func extend_laysOutEmptyPasswordAndDigest() throws {
        var client = TPMClient(ScriptedTransport(answer()))
        let digest = [UInt8](repeating: 0xAB, count: 32)
        try client.extend(pcr: 4, digest: digest.span)
        let expected: [UInt8] =
            [0x80, 0x02, 0, 0, 0, 65, 0, 0, 1, 0x82, 0, 0, 0, 4]
            + [0, 0, 0, 9, 0x40, 0, 0, 9, 0, 0, 0, 0, 0] + [0, 0, 0, 1, 0, 0x0B] + digest
        #expect(client.transport.commands == [expected])
    }

    @Test func extend_rejectsPCROutOfRange() {
        var client = TPMClient(ScriptedTransport())
        let digest = [UInt8](repeating: 0, count: 32)
        #expect(
            throwing { () throws(ErrorCode) in try client.extend(pcr: 24, digest: digest.span) }
                == .invalidArgument)
        #expect(client.transport.commands.isEmpty)
    }

    @Test func readPCR_returnsDigest() throws {
        let digest = [UInt8](repeating: 0x5A, count: 32)
        let selection: [UInt8] = [0, 0, 0, 1, 0, 0x0B, 3, 4, 0, 0]
        var client = TPMClient(
            ScriptedTransport(answer(0, bytes(UInt32(7)) + selection + [0, 0, 0, 1, 0, 32] + digest)))
        #expect(try readPCR(2, of: &client) == digest)
        #expect(client.transport.commands[0].suffix(10) == selection)
    }

    @Test func readPCR_rejectsTPMWithoutSHA256Bank() {
        var client = TPMClient(ScriptedTransport(answer(0, bytes(UInt32(7)) + [0, 0, 0, 0, 0, 0, 0, 0])))
        #expect(throwing { () throws(ErrorCode) in _ = try readPCR(2, of: &client) } == .tpmCommandFailed)
    }

    @Test func random_asksAgainForWhatIsMissing() throws {
        let first = answer(0, [0, 20] + [UInt8](repeating: 1, count: 20))
        let second = answer(0, [0, 12] + [UInt8](repeating: 2, count: 12))
        var client = TPMClient(ScriptedTransport(first, second))
        var output = InlineArray<32, UInt8>(repeating: 0)
        var span = output.mutableSpan
        try client.random(into: &span)
        #expect(
            (0..<32).map { output[$0] } == Array(repeating: 1, count: 20) + Array(repeating: 2, count: 12))
        #expect(client.transport.commands.map { $0.suffix(2) } == [[0, 32], [0, 12]])
    }

    @Test func random_rejectsMoreBytesThanAsked() {
        var client = TPMClient(ScriptedTransport(answer(0, [0, 33] + [UInt8](repeating: 1, count: 33))))
        #expect(throwing { () throws(ErrorCode) in try drain(&client) } == .noEntropy)
    }

    @Test func random_rejectsEmptyAnswer() {
        var client = TPMClient(ScriptedTransport(answer(0, [0, 0])))
        #expect(throwing { () throws(ErrorCode) in try drain(&client) } == .noEntropy)
    }

    @Test func closePlatformHierarchy_readsBack() throws {
        let property = bytes(UInt8(0)) + bytes(UInt32(6)) + bytes(UInt32(1)) + bytes(UInt32(0x201))
        var closed = TPMClient(ScriptedTransport(answer(), answer(0, property + bytes(UInt32(0x8000_000E)))))
        try closed.closePlatformHierarchy()
        var open = TPMClient(ScriptedTransport(answer(), answer(0, property + bytes(UInt32(0x8000_000F)))))
        #expect(throwing { () throws(ErrorCode) in try open.closePlatformHierarchy() } == .tpmCommandFailed)
    }

    @Test(
        arguments: [
            [], [0x80], [0x80, 0x01, 0, 0, 0, 10, 0, 0, 0],  // truncated header
            [0x80, 0x01, 0, 0, 0, 11, 0, 0, 0, 0],  // size larger than what came
            [0x80, 0x01, 0, 0, 0, 9, 0, 0, 0, 0],  // size smaller than what came
            [0x00, 0xC4, 0, 0, 0, 10, 0, 0, 0, 0],  // wrong tag
        ] as [[UInt8]])
    func reject_malformedHeader(_ bytes: [UInt8]) {
        var client = TPMClient(ScriptedTransport(bytes))
        #expect(throwing { () throws(ErrorCode) in try client.startup() } == .tpmCommandFailed)
    }

    @Test func reject_noTPM() {
        var client = TPMClient(ScriptedTransport())
        #expect(throwing { () throws(ErrorCode) in try client.startup() } == .bootNoTPM)
    }

    @Test func reject_commandThatDoesNotFit() {
        var storage = InlineArray<16, UInt8>(repeating: 0)
        #expect(
            throwing { () throws(ErrorCode) in
                var builder = try TPMCommandBuilder(TPMCommandCode.quote, in: storage.mutableSpan)
                try builder.append(UInt64(0))
            } == .bufferTooSmall)
    }
}

/// The error that a body throws, nil when it throws none.
func throwing(_ body: () throws(ErrorCode) -> Void) -> ErrorCode? {
    do {
        try body()
        return nil
    } catch { return error }
}

private func drain(_ client: inout TPMClient<ScriptedTransport>) throws(ErrorCode) {
    var output = InlineArray<32, UInt8>(repeating: 0)
    var span = output.mutableSpan
    try client.random(into: &span)
}

private func readPCR(
    _ pcr: UInt32, of client: inout TPMClient<ScriptedTransport>
) throws(ErrorCode) -> [UInt8] {
    var digest = InlineArray<32, UInt8>(repeating: 0)
    var span = digest.mutableSpan
    try client.readPCR(pcr, into: &span)
    var result: [UInt8] = []
    for index in 0..<32 { result.append(digest[index]) }
    return result
}

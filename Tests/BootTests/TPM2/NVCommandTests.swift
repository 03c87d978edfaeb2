import SICEABI
import TPM2
import Testing

/// Bytes of the commands on NV indices, as Part 3 §31 and §23 lay them out.
@Suite struct NVCommandTests {
    private let area = NVPublicArea(index: 0x0140_0101, attributes: 0x4204_0044, policy: nil, dataSize: 32)
    private let areaBytes: [UInt8] = [1, 0x40, 1, 1, 0, 0x0B, 0x42, 4, 0, 0x44, 0, 0, 0, 32]
    private let password = InlineArray<32, UInt8>(repeating: 0xAA)
    private let passwordBytes = [UInt8](repeating: 0xAA, count: 32)
    private let emptyPassword: [UInt8] = [0, 0, 0, 9, 0x40, 0, 0, 9, 0, 0, 0, 0, 0]

    private func sent(
        _ answers: [UInt8]..., by body: (inout TPMClient<ScriptedTransport>) throws(ErrorCode) -> Void
    ) throws -> [UInt8] {
        var transport = ScriptedTransport()
        transport.answers = answers.isEmpty ? [answer()] : answers
        var client = TPMClient(transport)
        try body(&client)
        let command = try #require(client.transport.commands.first)
        #expect(Array(command[2..<6]) == bytes(UInt32(command.count)))
        return Array(command[6...])
    }

    @Test func define_carriesAuthorizationAndPublicArea() throws {
        let command = try sent { client throws(ErrorCode) in
            try client.define(area, authValue: password)
        }
        #expect(
            command == [0, 0, 1, 0x2A, 0x40, 0, 0, 0x0C] + emptyPassword + [0, 32] + passwordBytes + [0, 14]
                + areaBytes)
    }

    @Test func write_carriesThePassword() throws {
        let command = try sent { client throws(ErrorCode) in
            try client.write(area.index, by: .authValue(password), [1, 2, 3].span)
        }
        #expect(
            command == [0, 0, 1, 0x37, 1, 0x40, 1, 1, 1, 0x40, 1, 1]
                + [0, 0, 0, 41, 0x40, 0, 0, 9, 0, 0, 0, 0, 32] + passwordBytes + [0, 3, 1, 2, 3, 0, 0])
    }

    @Test func lock_isThePlatforms() throws {
        let command = try sent { client throws(ErrorCode) in
            try client.writeLock(area.index, by: .platform)
        }
        #expect(command == [0, 0, 1, 0x38, 0x40, 0, 0, 0x0C, 1, 0x40, 1, 1] + emptyPassword)
    }

    @Test func undefineSpecial_hasTwoSessions() throws {
        let command = try sent { client throws(ErrorCode) in
            try client.undefineSpecial(area.index, session: 0x0300_0001, password: password)
        }
        #expect(
            command == [0, 0, 1, 0x1F, 1, 0x40, 1, 1, 0x40, 0, 0, 0x0C, 0, 0, 0, 50]
                + [3, 0, 0, 1, 0, 0, 0, 0, 32] + passwordBytes + [0x40, 0, 0, 9, 0, 0, 0, 0, 0])
    }

    @Test func read_needsTheWholeContents() throws {
        let good: [UInt8] = [0x80, 2, 0, 0, 0, 23, 0, 0, 0, 0, 0, 0, 0, 4, 0, 2, 7, 8, 0, 0, 1, 0, 0]
        var output = InlineArray<2, UInt8>(repeating: 0)
        var span = output.mutableSpan
        let command = try sent(good) { client throws(ErrorCode) in
            try client.read(area.index, by: .policy(session: 0x0300_0000), into: &span)
        }
        #expect(
            command == [0, 0, 1, 0x4E, 1, 0x40, 1, 1, 1, 0x40, 1, 1, 0, 0, 0, 9, 3, 0, 0, 0, 0, 0, 0, 0, 0]
                + [0, 2, 0, 0])
        #expect(output[0] == 7 && output[1] == 8)
        var client = TPMClient(ScriptedTransport(good))
        var longer = InlineArray<3, UInt8>(repeating: 0)
        var room = longer.mutableSpan
        #expect(
            throwing { () throws(ErrorCode) in
                try client.read(area.index, by: .platform, into: &room)
            } == .tpmCommandFailed)
    }

    @Test func policyAuthorizeNV_readsThePolicyAsThePlatform() throws {
        let command = try sent { client throws(ErrorCode) in
            try client.policyAuthorizeNV(0x0300_0000, area.index)
        }
        #expect(
            command == [0, 0, 1, 0x92, 0x40, 0, 0, 0x0C, 1, 0x40, 1, 1, 3, 0, 0, 0] + emptyPassword)
    }

    @Test func state_comparesAllButAttributes() throws {
        var changed = areaBytes
        changed[6] = 0x62
        #expect(try state(answer(0, [0, 14] + changed)) == .alike(attributes: 0x6204_0044))
        for position in [0, 3, 4, 5, 11, 12, 13] {
            var other = areaBytes
            other[position] ^= 1
            #expect(try state(answer(0, [0, 14] + other)) == .different, "byte \(position)")
        }
        #expect(try state(answer(0, [0, 13] + areaBytes.dropLast())) == .different)
        #expect(try state(answer(0x18B)) == .absent)
    }

    @Test func reject_stateOfATPMThatFails() {
        for answer in [
            answer(0x101), answer(), answer(0, [0, 14] + areaBytes.dropLast()), answer(0x18B) + [0],
        ] {
            #expect(throwing { () throws(ErrorCode) in _ = try state(answer) } == .tpmCommandFailed)
        }
    }

    private func state(_ answer: [UInt8]) throws(ErrorCode) -> NVIndexState {
        var client = TPMClient(ScriptedTransport(answer))
        return try client.state(of: area)
    }

    @Test func implements_wantsTheVeryCommand() throws {
        for (found, isThere) in [(0x0200_0192, true), (0x192, true), (0x193, false)] as [(UInt32, Bool)] {
            var client = TPMClient(ScriptedTransport(answer(0, [0, 0, 0, 0, 2, 0, 0, 0, 1] + bytes(found))))
            #expect(try client.implements(0x192) == isThere)
        }
        var none = TPMClient(ScriptedTransport(answer(0, [0, 0, 0, 0, 2, 0, 0, 0, 0])))
        #expect(try !none.implements(0x192))
    }

    /// What a command's failure was must not be taken for the next one's.
    @Test func responseCode_isTheLastCommands() throws {
        var client = TPMClient(ScriptedTransport(answer(0x084), answer(), [1, 2, 3]))
        #expect(throwing { () throws(ErrorCode) in try client.flush(1) } == .tpmCommandFailed)
        #expect(client.responseCode == 0x084)
        try client.flush(1)
        #expect(client.responseCode == 0 && client.lastResponseCode == 0x084)
        #expect(throwing { () throws(ErrorCode) in try client.flush(1) } == .tpmCommandFailed)
        #expect(client.responseCode == 0)
    }

    @Test func retry_whenNVStorageIsTooBusy() throws {
        var client = TPMClient(ScriptedTransport(answer(0x920), answer()))
        try client.undefine(area.index)
        #expect(client.transport.commands.count == 2)
    }
}

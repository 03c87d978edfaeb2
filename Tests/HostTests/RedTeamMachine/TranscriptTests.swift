import Diagnostics
import SICEABI
import Testing

@testable import RedTeamMachine

@Suite struct TranscriptTests {
    @Test func rowsAnswersAndReport() throws {
        let transcript = try AttackTranscript(
            """
            row A007 smram read T01 none - a byte that is not 0xFF
            row A101 modes primed T04 ends-emulator 9 code of the host in SMM
            attempt A007
            attack A007 read T01 held 12 - 0
            attempt A101
            attack A101 primed T04 broken 3 fetched fe
            key 04ff
            report d284
            end

            """)
        #expect(
            transcript.rows == [
                AttackRow(
                    identifier: "A007", group: "smram", name: "read", threat: "T01", aftermath: .none,
                    excuse: nil, success: "a byte that is not 0xFF"),
                AttackRow(
                    identifier: "A101", group: "modes", name: "primed", threat: "T04",
                    aftermath: .endsEmulator,
                    excuse: .smmEntryLeavesGuestMode, success: "code of the host in SMM"),
            ])
        #expect(transcript.attempts == ["A007", "A101"])
        #expect(transcript.answers["A007"] == .init(isBroken: false, executions: 12, detail: "-"))
        #expect(transcript.answers["A101"] == .init(isBroken: true, executions: 3, detail: "fetched fe"))
        #expect(transcript.key == [0x04, 0xFF])
        #expect(transcript.report == [0xD2, 0x84])
        #expect(transcript.isComplete)
    }

    /// A machine that ends in the middle of a line has not said it.
    @Test func cutLineIsNotSaid() throws {
        let transcript = try AttackTranscript("attempt A001\nattack A001 read T01 held 1")
        #expect(transcript.attempts == ["A001"])
        #expect(transcript.answers.isEmpty)
        #expect(!transcript.isComplete)
    }

    @Test func silenceIsNothing() throws {
        #expect(try AttackTranscript("").attempts.isEmpty)
    }

    @Test(arguments: [
        "check smram.read 0 0", "row A001 smram read T01 perhaps - x", "row A001 smram read T01 none x x",
        "attack A001 read T01 held 1 - 0", "attempt A001\nattack A002 read T01 held 1 - 0",
        "attempt A001\nattack A001 read T01 maybe 1 - 0", "attempt A001\nattack A001 read T01 held x - 0",
        "attempt A001\nattack A001 read T01 broken 1 - 0\nattack A001 read T01 held 1 - 0",
        "key 0", "report zz", "report d2\nreport d2", "attempt", "end now",
    ])
    func reject_lineOfNoAttacker(_ text: String) {
        let error = #expect(throws: ToolError.self) { _ = try AttackTranscript(text + "\n") }
        #expect(error?.code == .targetRefused)
    }
}

import MachineRunner
import SICEABI
import StrictJSON
import Testing

@testable import RedTeamMachine

@Suite struct OutcomeTests {
    private static let held = AttackTranscript.Answer(isBroken: false, executions: 5, detail: "-")
    private static let broken = AttackTranscript.Answer(isBroken: true, executions: 2, detail: "seen 1")

    private static func row(
        _ aftermath: AttackRow.Aftermath = .none, excuse: PostureClaim? = nil
    ) -> AttackRow {
        AttackRow(
            identifier: "A001", group: "smram", name: "read", threat: "T01", aftermath: aftermath,
            excuse: excuse, success: "a byte")
    }

    @Test func heldIsHeld() {
        #expect(Outcome(of: Self.row(), Self.held, posture: [:]) == .held)
        #expect(
            Outcome(of: Self.row(.endsEmulator, excuse: .smrr), Self.held, posture: [.smrr: .absent]) == .held
        )
    }

    @Test func brokenWithoutExcuseIsBroken() {
        #expect(Outcome(of: Self.row(), Self.broken, posture: [.smrr: .absent]) == .broken)
        #expect(Outcome(of: Self.row(.endsEmulator), Self.broken, posture: [:]) == .broken)
    }

    private static let words: [(PostureValue?, Outcome)] = [
        (.absent, .notProvided), (.unknown, .notProvided), (.present, .broken), (nil, .broken),
    ]

    /// Only what the report itself says excuses: a protection that it claims, or does not name, was promised.
    @Test(arguments: words)
    func excuseIsTheReportsWord(_ value: PostureValue?, _ expected: Outcome) {
        let row = Self.row(excuse: .smmEntryLeavesGuestMode)
        var posture: [PostureClaim: PostureValue] = [.smrr: .absent]
        posture[.smmEntryLeavesGuestMode] = value
        #expect(Outcome(of: row, Self.broken, posture: posture) == expected)
        #expect(Outcome(of: row, nil, posture: posture) == expected)
    }

    @Test func deadMachineIsBroken() {
        #expect(Outcome(of: Self.row(), nil, posture: [:]) == .broken)
        #expect(Outcome(of: Self.row(.spoilt), nil, posture: [:]) == .broken)
        // One that was reset instead of woken.
        #expect(Outcome(of: Self.row(.sleeps), nil, posture: [:]) == .broken)
        #expect(Outcome(of: Self.row(.endsEmulator), nil, posture: [:]) == .broken)
        for end in [MachineEnd.status(0), .silent, .unfinished] {
            #expect(Outcome(of: Self.row(.endsEmulator), nil, posture: [:], end: end) == .broken)
        }
    }

    /// Neither held nor broken, and only where it is known.
    @Test func deadEmulatorReadsAsThat() {
        let row = Self.row(.endsEmulator)
        for end in [MachineEnd.signal(11), .stuck] {
            #expect(Outcome(of: row, nil, posture: [:], end: end) == .emulatorDied)
            #expect(Outcome(of: row, Self.broken, posture: [:], end: end) == .broken)
            #expect(Outcome(of: Self.row(.spoilt), nil, posture: [:], end: end) == .broken)
        }
        var findings = RedTeam.Findings()
        findings.results = [AttackResult(row, nil, posture: [:], end: .signal(11))]
        #expect(!findings.isBroken)
        let text = RedTeamOutput.text(findings)
        #expect(
            text.last?.hasSuffix(
                "0 held, 0 broken, 0 not provided by this platform, 0 not tried, in 1 the emulator died")
                == true)
    }

    @Test func resultTellsWhatWasSeen() {
        let result = AttackResult(Self.row(), Self.broken, posture: [:])
        #expect(result.executions == 2 && result.detail == "seen 1" && result.outcome == .broken)
        #expect(AttackResult(Self.row(), nil, posture: [:]).detail == "machine-stopped")
        let killed = AttackResult(Self.row(), nil, posture: [:], end: .signal(11))
        #expect(killed.detail == "machine-stopped signal 11" && killed.outcome == .broken)
        var findings = RedTeam.Findings()
        findings.results = [killed]
        #expect(RedTeamOutput.json(findings).text.contains("\"machine_end\": \"signal 11\""))
    }
}

import Appraisal
import SICEABI
import StrictJSON
import Testing

@testable import RedTeamMachine

/// Attacks that need an operating system: their rows, and what counts as held.
@Suite struct HostTeamTests {
    private static let row = HostRedTeam.rows.first { $0.identifier == "L01" }!

    @Test func rowsAreUniqueAndInGroups() {
        let names = HostRedTeam.rows.map(\.identifier)
        #expect(Set(names).count == names.count)
        #expect(Set(HostRedTeam.rows.map(\.group)) == ["evidence", "linux"])
        #expect(HostRedTeam.linuxRows.map(\.identifier) == LinuxAttack.all.keys.sorted())
        // Nothing that these attacks reach is the platform's to excuse.
        #expect(HostRedTeam.rows.allSatisfy { $0.excuse == nil && !$0.success.isEmpty })
    }

    @Test func programIsBelievedInItsOwnLinesOnly() {
        let text = "attempt L01\n[   12.3] a line of the kernel\nattack L01 - - held 65536 - 0"
        let result = HostRoot.result(Self.row, text)
        #expect(result.outcome == .held && result.executions == 65536 && result.detail == "-")
    }

    @Test(arguments: [
        "", "attempt L01", "attack L01 - - held 1 - 0", "attempt L02\nattack L02 - - held 1 - 0",
        "attempt L01\nattack L01 - - held",
        "attempt L01\nattack L01 - - held 1 - 0\nattack L01 - - held 1 - 0",
    ])
    func programThatSaysNothingHasNotHeld(_ text: String) {
        let result = HostRoot.result(Self.row, text)
        #expect(result.outcome == .broken && result.executions == 0 && result.detail == "machine-stopped")
    }

    @Test func programSaysWhatItSaw() {
        let result = HostRoot.result(Self.row, "attempt L01\nattack L01 - - broken 7 smram-read 1000")
        #expect(result.outcome == .broken && result.executions == 7 && result.detail == "smram-read 1000")
    }

    @Test func responseOfTheTPMIsFoundOnTheConsole() {
        #expect(ConsoleTPM.response("tpm 8001ff\n[   3.1] a line of the kernel") == [0x80, 0x01, 0xFF])
        #expect(ConsoleTPM.response("tpm 8001f") == nil)
        #expect(ConsoleTPM.response("/dev/tpmrm0: Device or resource busy") == nil)
    }

    @Test func refusalByAnotherCheckIsNotHeld() {
        #expect(HostRoot.judge([.nonce, .quoteBinding], [.nonce, .quoteBinding, .posture]) == .held)
        #expect(HostRoot.judge([.nonce, .quoteBinding], [.nonce]) == .broken)
        #expect(HostRoot.judge([.logReplay], [.posture]) == .broken)
        #expect(HostRoot.judge([.logReplay], []) == .broken)
    }

    @Test func notTriedIsCountedApartAndBreaksNothing() {
        var findings = RedTeam.Findings()
        findings.results = [
            AttackResult(Self.row, .held, detail: "-"),
            AttackResult(Self.row, .notTried, detail: "no evidence of another boot"),
        ]
        #expect(!findings.isBroken)
        let text = RedTeamOutput.text(findings)
        #expect(
            text.last
                == "2 attacks, 1 executions, 0 boots: 1 held, 0 broken, 0 not provided by this platform, 1 not tried"
        )
        #expect(text[2].hasSuffix("not tried, 0 executions: no evidence of another boot"))
        #expect(RedTeamOutput.json(findings).text.contains("\"not tried\""))
    }
}

import RedTeam
import Testing

@testable import RedTeamMachine

@Suite struct EvidenceOutcomeTests {
    @Test func attackOnEvidenceThatLacksSomethingIsNotTried() {
        let untried = HostRedTeam.judge(.notProvided, "no evidence of another boot", [])
        #expect(untried.outcome == .notTried && untried.detail == "no evidence of another boot")
        let held = HostRedTeam.judge(.held, "", ["nonce"])
        #expect(held.outcome == .held && held.detail == "nonce")
        let broken = HostRedTeam.judge(.broken, "affirmed", [])
        #expect(broken.outcome == .broken && broken.detail == "affirmed")
    }
}

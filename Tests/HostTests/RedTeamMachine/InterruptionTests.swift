import Testing

@testable import RedTeamMachine

/// Boots that are cut short from outside.
@Suite struct InterruptionTests {
    private static let boot = """
        coreboot: a line of somebody else
        sice: SMRAM 64 MiB at 960 MiB\r
        sice: cores: 2\r
        sice: starting sice/next\r

        """

    @Test func phasesAreOurLinesUpToTheNextProgram() {
        let phases = BootInterruption.phases(Self.boot + "sice: probe: started\r\n")
        #expect(phases == ["sice: SMRAM 64 MiB at 960 MiB", "sice: cores: 2"])
    }

    /// A late line of the boot before is none of the next one's.
    @Test func phaseIsOfABootThatBeganLater() {
        let phases = BootInterruption.phases(Self.boot)
        let place = Self.boot.utf16.count
        let reaches = { (more: String) in
            BootInterruption.reaches(phases[1], phases[0], in: Self.boot + more, from: place)
        }
        #expect(!reaches("sice: cores: 2\r\n"))
        #expect(!reaches("sice: cores: 2\r\n\(phases[0])\r\n"))
        #expect(reaches("sice: cores: 2\r\n\(phases[0])\r\nsice: cores: 2\r\n"))
    }

    @Test func bootsThatNobodyCutShortShowNothing() {
        let held = AttackTranscript.Answer(isBroken: false, executions: 5, detail: "-")
        let broken = AttackTranscript.Answer(isBroken: true, executions: 5, detail: "remains 1")
        let tried = RedTeam.judge(held, interruptions: 9)
        #expect(!tried.isBroken && tried.executions == 14 && tried.detail == "-")
        let untried = RedTeam.judge(held, interruptions: 3)
        #expect(untried.isBroken && untried.detail == "boots-cut-short 3")
        let both = RedTeam.judge(broken, interruptions: 9)
        #expect(both.isBroken && both.executions == 14 && both.detail == "remains 1")
    }
}

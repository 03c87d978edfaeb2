internal import Appraisal
internal import Diagnostics
internal import Evidence
internal import MachineRunner
internal import RedTeam
internal import SICEABI
internal import StrictJSON
internal import Target

/// Attacks on the verdict, with evidence that machines gave.
extension HostRedTeam {
    static let evidenceGroup = "evidence"

    static let evidenceRows = EvidenceRedTeam.attacks.map { attack in
        AttackRow(
            identifier: attack.number, group: evidenceGroup, name: attack.name, threat: attack.threat,
            aftermath: .none, excuse: nil, success: attack.success)
    }

    func attackEvidence(
        _ rows: [AttackRow], _ progress: (String) -> Void
    ) async throws(ToolError) -> RedTeam.Findings {
        var findings = RedTeam.Findings()
        let scene = try await record { what in
            progress(what)
            findings.boots += 1
        }
        findings.posture = try SignedReport(scene.honest.report).claims.posture
        let results = try EvidenceRedTeam.run(scene)
        for (row, result) in zip(HostRedTeam.evidenceRows, results) where rows.contains(row) {
            let (outcome, detail) = HostRedTeam.judge(result.outcome, result.detail, result.refusedBy)
            findings.results.append(AttackResult(row, outcome, detail: detail))
        }
        return findings
    }

    /// What an attack on evidence says, in this module's words.
    static func judge(
        _ outcome: EvidenceAttackResult.Outcome, _ detail: String, _ refusedBy: [String]
    ) -> (outcome: Outcome, detail: String) {
        switch outcome {
        case .held: (.held, refusedBy.joined(separator: ", "))
        case .notProvided: (.notTried, detail)
        case .broken: (.broken, ([detail] + refusedBy).joined(separator: " "))
        }
    }

    /// Two machines, one of them booted twice. What an attacker may have seen of them all answers one challenge.
    private func record(_ begin: (String) -> Void) async throws(ToolError) -> EvidenceScene {
        let (challenge, old) = (try Challenge(), try Challenge())
        let (one, two) = (try site("one"), try site("two"))
        begin("evidence: the enrolled machine")
        var scene = try await one.boot { machine, client throws(ToolError) in
            try await firstBoot(one, machine, client, challenge, old)
        }
        begin("evidence: the same machine, booted again")
        scene.otherBoot = try await one.boot { machine, client throws(ToolError) in
            // Another run-time log than the first boot's.
            try loadDebugImage(one)
            return try await HostSite.collect(client, challenge)
        }
        begin("evidence: another machine")
        scene.otherMachine = try await two.boot { machine, client throws(ToolError) in
            try await HostSite.collect(client, challenge)
        }
        return scene
    }

    private func firstBoot(
        _ site: HostSite, _ machine: VirtualMachine, _ client: TargetClient, _ challenge: Challenge,
        _ old: Challenge
    ) async throws(ToolError) -> EvidenceScene {
        let authorities = try site.authorities()
        let request = try EnrollmentRequest(try await client.get("/v1/enrollment"))
        let enrollment = try await Enroller(authorities: authorities).enroll(client)
        let earlier = try await HostSite.collect(client, old)
        var scene = EvidenceScene(
            honest: try await HostSite.collect(client, challenge),
            expectations: try site.expectations(enrollment, challenge))
        scene.earlier = earlier
        scene.enrollment = EnrollmentScene(request: request, authorities: authorities)
        try loadDebugImage(site)
        scene.debugImage = try await HostSite.collect(client, challenge, of: "debug")
        return scene
    }

    private func loadDebugImage(_ site: HostSite) throws(ToolError) {
        let answer = try HostShell(folder: site.folder).run("sice create /tests/debug.image")
        guard answer.status == 0 else { throw ToolError(.targetRefused, "sice create: \(answer.text)") }
    }
}

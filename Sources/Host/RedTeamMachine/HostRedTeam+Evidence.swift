internal import Appraisal
internal import AttestClient
internal import Diagnostics
internal import Evidence
internal import EvidenceFormat
internal import MachineRunner
internal import RedTeam
internal import ReportFormat
internal import SICEABI
internal import StrictJSON

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
        let (posture, results) = try await attackRecorded { what in
            progress(what)
            findings.boots += 1
        }
        findings.posture = posture
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

    /// Two machines, one of them booted twice. What an attacker may have seen of them all answers one challenge. The
    /// attacks are made while the enrolled machine runs: its root has the TPM quote what he forged. Those for which he
    /// extends a register come last in a boot.
    private func attackRecorded(
        _ begin: (String) -> Void
    ) async throws(ToolError) -> ([PostureClaim: PostureValue], [EvidenceAttackResult]) {
        let challenge = try Challenge()
        let (one, two) = (try site("one"), try site("two"))
        begin("evidence: a boot of the enrolled machine")
        let (otherBoot, first) = try await one.boot { _, client throws(ToolError) in
            // Another run-time log than the next boot's.
            let scene = try await record(one, client, challenge)
            return (
                try await HostSite.collect(client, challenge),
                try EvidenceRedTeam.run(scene, only: EvidenceRedTeam.extending[0])
            )
        }
        begin("evidence: another machine")
        let otherMachine = try await two.boot { _, client throws(ToolError) in
            try await HostSite.collect(client, challenge)
        }
        begin("evidence: the enrolled machine, booted again")
        return try await one.boot { _, client throws(ToolError) in
            var scene = try await record(one, client, challenge)
            (scene.otherBoot, scene.otherMachine) = (otherBoot, otherMachine)
            let results = try HostRedTeam.attack(scene) + first
            return (
                try SignedReport(scene.honest.report).claims.posture,
                results.sorted { $0.attack.number < $1.attack.number }
            )
        }
    }

    /// All attacks but those of another boot.
    private static func attack(_ scene: EvidenceScene) throws(ToolError) -> [EvidenceAttackResult] {
        let extending = EvidenceRedTeam.extending.flatMap { $0 }
        let others = EvidenceRedTeam.attacks.map(\.number).filter { !extending.contains($0) }
        return try EvidenceRedTeam.run(scene, only: others)
            + EvidenceRedTeam.run(scene, only: EvidenceRedTeam.extending[1])
    }

    /// What the running machine says.
    private func record(
        _ site: HostSite, _ client: TargetClient, _ challenge: Challenge
    ) async throws(ToolError) -> EvidenceScene {
        let authorities = try site.authorities()
        let request = try EnrollmentRequest(try await client.get("/v1/enrollment"))
        let enrollment = try await Enroller(authorities: authorities).enroll(client)
        let earlier = try await HostSite.collect(client, Challenge())
        var scene = EvidenceScene(
            honest: try await HostSite.collect(client, challenge),
            expectations: try site.expectations(enrollment, challenge))
        scene.earlier = earlier
        scene.enrollment = EnrollmentScene(request: request, authorities: authorities)
        try loadDebugImage(site)
        scene.debugImage = try await HostSite.collect(client, challenge, of: "debug")
        let tpm = try ConsoleTPM(folder: site.folder)
        scene.quoteAsRoot = { tpm.quote($0) }
        return scene
    }

    private func loadDebugImage(_ site: HostSite) throws(ToolError) {
        let answer = try HostShell(folder: site.folder).run("sice create /tests/debug.image")
        guard answer.status == 0 else { throw ToolError(.targetRefused, "sice create: \(answer.text)") }
    }
}

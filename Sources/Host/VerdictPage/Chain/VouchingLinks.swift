internal import Appraisal
internal import Evidence
internal import ReportFormat

/// From the measurements to the workload: the TPM, the report, the environment. Each check of the verdict is in one of them.
extension VerdictPage {
    var vouchingLinks: [ChainLink] {
        [
            ChainLink(
                title: "TPM", name: "",
                meaning: "Signs all measurements above, together with the challenge and the report below.",
                digest: evidence.quote?.pcrDigest ?? [],
                values: values(of: [
                    .attestationKey, .quoteOrigin, .quoteSignature, .quoteBinding, .pcrDigest, .logReplay,
                    .referenceValues,
                ])),
            ChainLink(
                title: "Report of the security manager", name: "",
                meaning: "Says what it protects and what it runs, signed by the report key above.",
                digest: claims.managerDigest,
                values: values(of: [
                    .nonce, .reportKey, .reportSignature, .managerDigest, .posture, .runtimeLog,
                ])),
            ChainLink(
                title: "Workload", name: claims.imageName,
                meaning: "Runs isolated in environment \(claims.environment), as the report says.",
                digest: claims.measurement,
                values: values(of: [.measurement, .debug, .state, .workloadData])),
        ]
    }

    /// Each comparison that was made, or what was missing for it.
    private func values(of identifiers: [Check.Identifier]) -> [ChainLink.Value] {
        identifiers.flatMap { identifier in
            let answers = verdict.answers.filter { $0.identifier == identifier }
            return answers.isEmpty ? verdict.checks.filter { $0.identifier == identifier } : answers
        }.map(ChainLink.Value.init)
    }
}

public import Diagnostics
public import Evidence
internal import EvidenceFormat
internal import ReportFormat
internal import SICEABI

/// Turns unverified evidence into a verdict (RFC 9334).
public struct Appraisal: Sendable {
    let evidence: UnverifiedEvidence
    let expectations: Expectations
    var bundle: EvidenceBundle { evidence.bundle }
    var claims: ReportClaims { evidence.report.claims }

    public init(_ evidence: UnverifiedEvidence, _ expectations: Expectations) {
        self.evidence = evidence
        self.expectations = expectations
    }

    /// Makes every check, also after one failed: a person wants to see all that is wrong.
    /// Throws `evidenceMalformedQuote` or `evidenceTruncated` for a signature that does not parse.
    public func verdict() throws(ToolError) -> Verdict {
        Verdict(
            nonceChecks() + reportChecks() + (try quoteChecks()) + measurementChecks() + environmentChecks()
                + runtimeLogChecks())
    }

    /// Bundle and report must both answer the challenge that was really sent.
    private func nonceChecks() -> [Check] {
        guard let nonce = expectations.nonce else {
            return [.skipped(.nonce, missing: "the challenge with --nonce or --challenge")]
        }
        return [(bundle.nonce, "bundle: nonce"), (claims.nonce, "report: nonce")].map {
            .compare(.nonce, expected: nonce.hex, from: "challenge", found: $0.0.hex, in: $0.1)
        }
    }

    private func reportChecks() -> [Check] {
        [
            .compare(
                .reportSignature, expected: "valid", from: "bundle: report_key",
                found: evidence.report.isSigned(by: bundle.reportKey) ? "valid" : "invalid",
                in: "report: key identifier and signature")
        ]
    }
}

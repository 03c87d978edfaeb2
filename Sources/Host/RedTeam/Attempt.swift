internal import Appraisal
internal import Diagnostics
internal import Evidence
internal import SICEABI
internal import StrictJSON

/// What an attacker hands to the verifier, and what that verifier expects.
struct Attempt {
    /// `sice.evidence/1`.
    let document: JSON
    let expectations: Expectations

    init(_ bundle: EvidenceBundle, _ expectations: Expectations) {
        document = bundle.json
        self.expectations = expectations
    }

    init(document: JSON, _ expectations: Expectations) {
        self.document = document
        self.expectations = expectations
    }

    /// How the verifier answers.
    enum Answer: Equatable {
        /// Checks that did not pass; affirmed when there are none.
        case appraised(Set<Check.Identifier>)
        case malformed(ErrorCode)
    }

    /// Parses and appraises the bytes as `verify` does, but takes the checks of `ignored` as passed.
    func answer(ignoring ignored: Set<Check.Identifier>) -> Answer {
        do throws(ToolError) {
            let bundle = try EvidenceBundle(Array(document.text.utf8), path: "attack")
            let verdict = try Appraisal(UnverifiedEvidence(bundle), expectations).verdict()
            let open = verdict.checks.filter { $0.status != .pass }.map(\.identifier)
            return .appraised(Set(open).subtracting(ignored))
        } catch { return .malformed(error.code) }
    }
}

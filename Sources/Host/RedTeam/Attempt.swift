internal import Appraisal
internal import AttestClient
internal import Diagnostics
internal import Evidence
internal import EvidenceFormat
internal import SICEABI
internal import StrictJSON

/// What an attacker hands to the verifier, and what that verifier expects.
enum Attempt {
    /// `sice.evidence/1`.
    case evidence(JSON, Expectations)
    /// The guess of a secret that no TPM decrypted, if the attacker needs one.
    case enrollment(EnrollmentRequest, authorities: [UInt8], guess: [UInt8]?)

    init(_ bundle: EvidenceBundle, _ expectations: Expectations) {
        self = .evidence(bundle.json, expectations)
    }

    init(document: JSON, _ expectations: Expectations) { self = .evidence(document, expectations) }

    init(_ request: EnrollmentRequest, _ authorities: [UInt8], guess: [UInt8]? = nil) {
        self = .enrollment(request, authorities: authorities, guess: guess)
    }

    /// How the verifier answers.
    enum Answer: Equatable {
        /// Checks that did not pass; affirmed when there are none.
        case appraised(Set<Check.Identifier>)
        /// The machine counts as one whose TPM is known.
        case enrolled
        case error(ErrorCode)
    }

    /// Does what `verify` or `enroll` do, but takes the checks of `ignored` as passed.
    func answer(ignoring ignored: Set<Check.Identifier>) -> Answer {
        do throws(ToolError) {
            switch self {
            case .evidence(let document, let expectations):
                return .appraised(try Attempt.open(document, expectations).subtracting(ignored))
            case .enrollment(let request, let authorities, let guess):
                let enroller = Enroller(authorities: authorities)
                let challenge = try enroller.challenge(request)
                if let guess { _ = try enroller.complete(challenge, answer: guess) }
                return .enrolled
            }
        } catch { return .error(error.code) }
    }

    /// Checks that do not pass.
    private static func open(
        _ document: JSON, _ expectations: Expectations
    ) throws(ToolError) -> Set<Check.Identifier> {
        let bundle = try EvidenceBundle(Array(document.text.utf8), path: "attack")
        let verdict = try Appraiser(UnverifiedEvidence(bundle), expectations).verdict()
        return Set(verdict.checks.filter { $0.status != .pass }.map(\.identifier))
    }
}

public import SICEABI

/// One question that an appraisal asks, with its answer.
public struct Check: Equatable, Sendable {
    /// Every question. An appraisal answers all of them, but for the last one when nobody asked it: one that is
    /// missing counts as skipped.
    public enum Identifier: String, CaseIterable, Sendable {
        case nonce = "nonce"
        case reportSignature = "report-signature"
        case attestationKey = "attestation-key"
        case quoteOrigin = "quote-origin"
        case quoteSignature = "quote-signature"
        case quoteBinding = "quote-binding"
        case pcrDigest = "pcr-digest"
        case logReplay = "log-replay"
        case reportKey = "report-key"
        case referenceValues = "reference-values"
        case managerDigest = "manager-digest"
        case measurement = "measurement"
        case debug = "debug"
        case state = "state"
        case posture = "posture"
        case runtimeLog = "runtime-log"
        case workloadData = "workload-data"

        /// What is known when the check passed, in a few words.
        public var statement: String {
            switch self {
            case .nonce: "the evidence answers this challenge"
            case .reportSignature: "the report is signed by the report key"
            case .attestationKey: "the bundle names the enrolled attestation key"
            case .quoteOrigin: "the quote is a TPM's"
            case .quoteSignature: "the enrolled TPM signed the quote"
            case .quoteBinding: "the quote covers this challenge and this report"
            case .pcrDigest: "the quote covers these PCR values"
            case .logReplay: "the event log explains the PCR values"
            case .reportKey: "the report key was made on this boot, before the host started"
            case .referenceValues: "firmware, manager, configuration and next program are the expected ones"
            case .managerDigest: "the report is of the expected manager"
            case .measurement: "the environment runs an expected image"
            case .debug: "the policy accepts the image's debug status"
            case .state: "the policy accepts the environment's state"
            case .posture: "the machine has the protections that the policy requires"
            case .runtimeLog: "the run-time log is complete and unchanged"
            case .workloadData: "the workload vouches for the given key"
            }
        }

        /// The row of the error table for a failure.
        public var code: ErrorCode {
            switch self {
            case .nonce: .nonceMismatch
            case .reportSignature: .reportSignatureInvalid
            case .attestationKey: .quoteWrongKey
            case .quoteOrigin: .quoteMalformedMagic
            case .quoteSignature: .quoteSignatureInvalid
            case .quoteBinding: .quoteNotBound
            case .pcrDigest: .quotePCRMismatch
            case .logReplay: .logReplayMismatch
            case .reportKey: .reportKeyNotVouched
            case .referenceValues: .referenceMismatch
            case .managerDigest: .managerMismatch
            case .measurement: .measurementMismatch
            case .debug: .debugImage
            case .state: .stateRefused
            case .posture: .postureRefused
            case .runtimeLog: .runtimeLogMismatch
            case .workloadData: .workloadDataMismatch
            }
        }
    }

    public enum Status: String, Sendable {
        case pass, fail, skipped
    }

    public let identifier: Identifier
    public let status: Status
    private let words: Wording

    /// What must be there, and where that is from; for a skipped check, what was missing for it.
    public var expected: String { words.expected }
    public var expectedSource: String { words.expectedSource }
    /// What is there, and where that is from.
    public var found: String { words.found }
    public var foundSource: String { words.foundSource }

    /// What is known when the check passed, in a few words.
    public var statement: String { words.note.isEmpty ? identifier.statement : words.note }

    /// A policy's answer.
    init<Answer: Finding>(_ finding: Answer) {
        identifier = Answer.question
        status = finding.status
        words = finding.words
    }

    /// A question that no policy asks.
    init(unasked identifier: Identifier) {
        self.identifier = identifier
        status = .skipped
        words = Wording(missing: "a verifier that makes this check")
    }

    /// What to do when the check did not pass.
    public var remedy: String {
        switch status {
        case .pass: ""
        case .skipped: "Pass \(expectedSource)."
        case .fail: "\(identifier.code.description.remedy)"
        }
    }
}

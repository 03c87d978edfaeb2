internal import Appraisal
internal import SICEABI

extension Check.Status {
    /// With a sign that needs no colour.
    var words: String {
        switch self {
        case .pass: "✓ passed"
        case .fail: "✗ FAILED"
        case .skipped: "– not checked"
        }
    }

    var look: Attribute.Look {
        switch self {
        case .pass: .pass
        case .fail: .fail
        case .skipped: .skipped
        }
    }

    /// The worst of several: one that failed, then one that was not made.
    static func worst(_ all: [Check.Status]) -> Check.Status {
        all.first { $0 == .fail } ?? all.first { $0 == .skipped } ?? .pass
    }
}

extension Verdict.Outcome {
    var words: String {
        switch self {
        case .affirmed: "✓ affirmed"
        case .refused: "✗ REFUSED"
        case .notAppraised: "– could not appraise"
        }
    }

    var look: Attribute.Look {
        switch self {
        case .affirmed: .affirmed
        case .refused: .refused
        case .notAppraised: .open
        }
    }
}

extension Policy {
    /// What the policy says about a protection.
    func demand(of claim: PostureClaim) -> String {
        if required.contains(claim) { return "required" }
        return unrefuted.contains(claim) ? "may be unknown" : "may be absent"
    }
}

internal import Diagnostics
internal import Evidence
internal import EvidenceFormat
internal import SICEABI

/// The bundle names the key that was enrolled.
enum AttestationKeyPolicy: AppraisalPolicy {
    enum Answer: Finding {
        case notEnrolled
        case name(Comparison<[UInt8]>)

        static let question = Check.Identifier.attestationKey
        var status: Check.Status {
            switch self {
            case .notEnrolled: .skipped
            case .name(let name): name.status
            }
        }
    }

    static func findings(
        _ evidence: UnverifiedEvidence, _ expectations: Expectations
    ) throws(ToolError) -> [Answer] {
        guard let enrolled = try expectations.enrolledKey() else { return [.notEnrolled] }
        return [.name(Comparison(expected: enrolled.name, found: evidence.attestationKey.name))]
    }
}

extension Expectations {
    /// The enrolled key, nil without an enrollment. Throws `enrollmentUnreadable`.
    func enrolledKey() throws(ToolError) -> AttestationKey? {
        guard let enrollment else { return nil }
        do throws(ToolError) {
            return try AttestationKey(enrollment.attestationKey)
        } catch { throw ToolError(.enrollmentUnreadable, error.detail) }
    }
}

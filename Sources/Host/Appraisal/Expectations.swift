public import EvidenceFormat
public import Reference

/// What the verifier knows beforehand. What is nil cannot be checked, and then nothing is affirmed.
public struct Expectations: Sendable {
    /// The challenge that was sent, from whoever sent it; never from the evidence.
    public var nonce: [UInt8]?
    public var enrollment: Enrollment?
    public var reference: ReferenceValues?
    /// Accepted measurements of the environment; those of the reference values when nil.
    public var measurements: [[UInt8]]?
    /// Point of a key that the workload must have put into the report as its hash, followed by zeros; not asked
    /// when nil.
    public var workloadKey: [UInt8]?
    public var policy: Policy

    public init(
        nonce: [UInt8]? = nil, enrollment: Enrollment? = nil, reference: ReferenceValues? = nil,
        measurements: [[UInt8]]? = nil, workloadKey: [UInt8]? = nil, policy: Policy = .standard
    ) {
        self.nonce = nonce
        self.enrollment = enrollment
        self.reference = reference
        self.measurements = measurements
        self.workloadKey = workloadKey
        self.policy = policy
    }
}

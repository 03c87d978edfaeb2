public import EvidenceFormat

/// What an attacker of an enrollment has: what an honest machine says about its TPM, and whom the verifier
/// trusts.
public struct EnrollmentScene: Sendable {
    public var request: EnrollmentRequest
    /// PEM certificates of the TPM's manufacturer.
    public var authorities: [UInt8]

    public init(request: EnrollmentRequest, authorities: [UInt8]) {
        self.request = request
        self.authorities = authorities
    }
}

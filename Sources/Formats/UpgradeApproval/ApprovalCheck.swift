/// What checking an approval needs of a crypto library: BearSSL in an environment, OpenSSL in tools.
public protocol ApprovalCheck {
    /// SHA-256 (FIPS 180-4).
    mutating func hash(_ bytes: Span<UInt8>) -> InlineArray<32, UInt8>
    /// Whether a signature (r ‖ s, 32 bytes each, big-endian) over SHA-256 of the message is that of a
    /// P-256 key (FIPS 186-4, uncompressed point, 65 bytes). false also for what is no point of the curve,
    /// and for r or s out of range.
    mutating func isSignature(
        _ signature: Span<UInt8>, of message: Span<UInt8>, by point: Span<UInt8>
    ) -> Bool
}

/// The machine that an approval is shown to, as its manager says it.
public struct ApprovedMachine: Sendable {
    /// SHA-256 of its owner's public point, of its measured configuration; zeros: it has no owner.
    public var owner: InlineArray<32, UInt8>
    /// Identifier of its root; zeros: it has no root.
    public var root: InlineArray<32, UInt8>
    /// Of the firmware that runs.
    public var securityVersion: UInt32

    public init(owner: InlineArray<32, UInt8>, root: InlineArray<32, UInt8>, securityVersion: UInt32) {
        (self.owner, self.root, self.securityVersion) = (owner, root, securityVersion)
    }
}

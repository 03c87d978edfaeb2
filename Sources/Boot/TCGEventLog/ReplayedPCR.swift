internal import SHA2

/// A PCR of the SHA-256 bank as events make it (TPM 2.0 Library, Part 1, 17.2): the one replay, of the payload, of the
/// verifier and of those who forge logs.
public struct ReplayedPCR: Sendable {
    /// 32 bytes; zeros after reset.
    public private(set) var value = InlineArray<32, UInt8>(repeating: 0)

    public init() {}

    /// TPM2_PCR_Extend with a digest of 32 bytes: SHA-256(value ‖ digest).
    public mutating func extend(_ digest: Span<UInt8>) {
        var hash = SHA256()
        hash.update(value.span)
        hash.update(digest)
        value = hash.finish()
    }
}

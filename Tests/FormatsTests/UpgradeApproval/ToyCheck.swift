import SHA2
import UpgradeApproval

/// Signatures of nobody's key: SHA-256 of point and message, then of that. Enough to see that each bit of
/// both counts; real ones are in `SignedSuccessorTests`.
struct ToyCheck: ApprovalCheck {
    /// How often a signature was looked at.
    private(set) var count = 0

    static func signature(_ message: Span<UInt8>, _ point: Span<UInt8>) -> InlineArray<64, UInt8> {
        var hash = SHA256()
        hash.update(point)
        hash.update(message)
        let first = hash.finish()
        let second = SHA256.hash(first.span)
        return InlineArray { $0 < 32 ? first[$0] : second[$0 - 32] }
    }

    mutating func hash(_ bytes: Span<UInt8>) -> InlineArray<32, UInt8> { SHA256.hash(bytes) }

    mutating func isSignature(
        _ signature: Span<UInt8>, of message: Span<UInt8>, by point: Span<UInt8>
    ) -> Bool {
        count += 1
        let expected = Self.signature(message, point)
        return signature.count == 64 && (0..<64).allSatisfy { signature[$0] == expected[$0] }
    }
}

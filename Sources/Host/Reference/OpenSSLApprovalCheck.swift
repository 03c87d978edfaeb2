internal import Bytes
internal import OpenSSLCrypto
public import UpgradeApproval

/// OpenSSL as the crypto of an ``ApprovalCheck``.
public struct OpenSSLApprovalCheck: ApprovalCheck {
    public init() {}

    public func hash(_ bytes: Span<UInt8>) -> InlineArray<32, UInt8> {
        let digest = SHA256.hash([UInt8](bytes))
        return InlineArray { digest[$0] }
    }

    public func isSignature(
        _ signature: Span<UInt8>, of message: Span<UInt8>, by point: Span<UInt8>
    ) -> Bool {
        guard signature.count == 64, let key = PublicKey(p256Point: [UInt8](point)) else { return false }
        return key.isValidSignature(
            r: [UInt8](signature.extracting(0..<32)), s: [UInt8](signature.extracting(32..<64)),
            message: [UInt8](message))
    }
}

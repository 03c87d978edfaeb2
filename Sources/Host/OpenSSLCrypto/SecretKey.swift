internal import COpenSSL
internal import SICEABI

/// A P-256 key pair of the person who runs a tool: an author's, which signs images. It is in the file that the person names
/// and, while a command runs, in its memory.
public struct SecretKey: Sendable {
    /// The secret half, DER.
    private let encoding: [UInt8]
    /// Uncompressed point.
    public let point: [UInt8]

    /// A fresh key.
    public init() {
        var secret = [UInt8](repeating: 0, count: 256)
        var point = [UInt8](repeating: 0, count: ABI.publicKeySize)
        var secretSpan = secret.mutableSpan
        var pointSpan = point.mutableSpan
        let count = sice_make_key(EllipticCurve.p256.identifier, &secretSpan, &pointSpan)
        precondition(count > 0, "libcrypto made no key")
        encoding = Array(secret[..<count])
        self.point = point
    }

    /// Takes the DER of a secret key (RFC 5208 or RFC 5915). Nil when it is none of P-256.
    public init?(encoding: [UInt8]) {
        var point = [UInt8](repeating: 0, count: ABI.publicKeySize)
        var span = point.mutableSpan
        guard sice_key_point(encoding.span, &span) == 1, PublicKey(p256Point: point) != nil else {
            return nil
        }
        self.encoding = encoding
        self.point = point
    }

    /// The file that `openssl ec` reads as well (RFC 5915).
    public var pem: String { PEM.encode(encoding, label: "EC PRIVATE KEY") }

    /// ECDSA with SHA-256: r and s, 32 bytes each.
    public func sign(_ message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 64)
        var span = signature.mutableSpan
        precondition(sice_sign(encoding.span, message.span, &span) == 1, "libcrypto gave no signature")
        return signature
    }
}

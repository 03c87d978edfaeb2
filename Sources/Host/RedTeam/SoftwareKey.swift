internal import COpenSSL

/// A P-256 key pair of an attacker: nothing but a program keeps it. No other part of the tools holds a secret
/// key.
public struct SoftwareKey: Sendable {
    /// The secret half, DER.
    private let secret: [UInt8]
    /// Uncompressed point.
    public let point: [UInt8]

    public init() {
        var secret = [UInt8](repeating: 0, count: 256)
        var point = [UInt8](repeating: 0, count: 65)
        var secretSpan = secret.mutableSpan
        var pointSpan = point.mutableSpan
        let count = sice_make_key(NID_X9_62_prime256v1, &secretSpan, &pointSpan)
        precondition(count > 0, "no key")
        self.secret = Array(secret[..<count])
        self.point = point
    }

    /// ECDSA with SHA-256: r and s, 32 bytes each.
    public func sign(_ message: [UInt8]) -> (r: [UInt8], s: [UInt8]) {
        var signature = [UInt8](repeating: 0, count: 64)
        var span = signature.mutableSpan
        precondition(sice_sign(secret.span, message.span, &span) == 1, "no signature")
        return (Array(signature[..<32]), Array(signature[32...]))
    }
}

internal import COpenSSL
public import Diagnostics
internal import SICEABI

/// One-pass elliptic-curve Diffie-Hellman (SP 800-56A, 6.2.2.2): a fresh key agrees with another party's key.
public struct EphemeralAgreement: Equatable, Sendable {
    /// Coordinates of the fresh key's point, padded to the curve's size.
    public let x: [UInt8]
    public let y: [UInt8]
    /// X coordinate of the shared point, padded in the same way.
    public let secret: [UInt8]

    /// Makes a fresh key and agrees. Throws `internalFailure` unless the other key is one of that curve.
    public init(with other: PublicKey, on curve: EllipticCurve) throws(ToolError) {
        let size = curve.coordinateSize
        var point = [UInt8](repeating: 0, count: 1 + 2 * size)
        var secret = [UInt8](repeating: 0, count: size)
        var pointSpan = point.mutableSpan
        var secretSpan = secret.mutableSpan
        let key = other.subjectPublicKeyInfo
        guard sice_agree(curve.identifier, key.span, &pointSpan, &secretSpan) == 1 else {
            throw ToolError(.internalFailure, "key agreement with the endorsement key")
        }
        self.secret = secret
        x = Array(point[1...size])
        y = Array(point[(1 + size)...])
    }
}

internal import COpenSSL

/// Hashes that name a TPM's keys and protect its credentials (TPM 2.0 Library, Part 2, 6.3).
public enum HashAlgorithm: Sendable {
    case sha256
    case sha384

    /// Bytes of a digest.
    public var size: Int {
        switch self {
        case .sha256: 32
        case .sha384: 48
        }
    }

    /// The digest of bytes that are at hand.
    public func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: size)
        var span = digest.mutableSpan
        precondition(sice_hash(bytes.span, &span) == 1, "libcrypto gave no digest")
        return digest
    }

    /// HMAC (FIPS 198-1).
    public func hmac(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: size)
        var span = code.mutableSpan
        precondition(sice_hmac(key.span, message.span, &span) == 1, "libcrypto gave no HMAC")
        return code
    }
}

internal import COpenSSL

/// SHA-256 (FIPS 180-4) over a stream of pieces.
@safe public struct SHA256: ~Copyable {
    private let context: OpaquePointer

    public init() {
        // Both fail only when memory is exhausted or libcrypto is broken: nothing could be verified then.
        guard let context = unsafe EVP_MD_CTX_new(), unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        else { preconditionFailure("libcrypto offers no SHA-256") }
        unsafe self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Takes the first `count` of the given bytes; all of them when it is nil.
    public mutating func update(_ bytes: [UInt8], count: Int? = nil) {
        let length = min(count ?? bytes.count, bytes.count)
        let piece = bytes.span.extracting(first: length)
        precondition(unsafe sice_hash_piece(context, piece) == 1, "libcrypto refused to hash")
    }

    /// The digest of everything that was taken, 32 bytes.
    public consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var span = digest.mutableSpan
        precondition(unsafe sice_hash_end(context, &span) == 1, "libcrypto gave no digest")
        return digest
    }

    /// The digest of bytes that are at hand.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] { HashAlgorithm.sha256.hash(bytes) }

    /// PCR extension: SHA-256(old ‖ digest) (TPM 2.0 Library, Part 1, 17.3).
    public static func extend(_ old: [UInt8], with digest: [UInt8]) -> [UInt8] { hash(old + digest) }
}

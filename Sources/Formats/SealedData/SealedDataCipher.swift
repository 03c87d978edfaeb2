/// What the format needs of a cipher: ChaCha20-Poly1305 (RFC 8439) and HMAC-SHA256 (RFC 2104).
public protocol SealedDataCipher {
    /// HMAC-SHA256 under a key of 32 bytes.
    mutating func authenticate(_ message: Span<UInt8>, key: Span<UInt8>) -> InlineArray<32, UInt8>
    /// Encrypts or decrypts in place, under 32 bytes of key and 12 of nonce. The tag of the ciphertext; whether it is the
    /// one that was stored, ``SealedStream`` compares.
    mutating func run(
        _ bytes: inout MutableSpan<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, encrypts: Bool
    ) -> InlineArray<16, UInt8>
}

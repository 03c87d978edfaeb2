internal import SHA2
public import SealedData

/// Codes and tags that depend on all of the key; nothing is encrypted. For fuzzers, which need it quick.
public struct HashCipher: SealedDataCipher {
    public init() {}

    public mutating func authenticate(_ message: Span<UInt8>, key: Span<UInt8>) -> InlineArray<32, UInt8> {
        var hash = SHA256()
        hash.update(key)
        hash.update(message)
        return hash.finish()
    }

    public mutating func run(
        _ bytes: inout MutableSpan<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, encrypts: Bool
    ) -> InlineArray<16, UInt8> {
        var hash = SHA256()
        hash.update(key)
        hash.update(nonce)
        hash.update(bytes.span)
        let digest = hash.finish()
        return InlineArray { index in digest[index] }
    }
}

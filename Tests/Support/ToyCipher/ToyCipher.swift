internal import SHA2
public import SealedData

/// A cipher of SHA-256 alone, which has what the format needs: both need the whole key and the whole nonce.
public struct ToyCipher: SealedDataCipher {
    public init() {}

    public mutating func authenticate(_ message: Span<UInt8>, key: Span<UInt8>) -> InlineArray<32, UInt8> {
        let block = bytes(key) + [UInt8](repeating: 0, count: 64 - key.count)
        let inner = hash(block.map { $0 ^ 0x36 } + bytes(message))
        let code = hash(block.map { $0 ^ 0x5C } + inner)
        return InlineArray { index in code[index] }
    }

    public mutating func run(
        _ bytes: inout MutableSpan<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, encrypts: Bool
    ) -> InlineArray<16, UInt8> {
        let seed = self.bytes(key) + self.bytes(nonce)
        var tag = InlineArray<16, UInt8>(repeating: 0)
        if !encrypts { tag = self.tag(seed, bytes.span) }
        for start in stride(from: 0, to: bytes.count, by: 32) {
            let block = hash(
                seed + [UInt8(truncatingIfNeeded: start / 32), UInt8(truncatingIfNeeded: start / 8192)])
            for index in start..<min(start + 32, bytes.count) { bytes[index] ^= block[index - start] }
        }
        return encrypts ? self.tag(seed, bytes.span) : tag
    }

    private func tag(_ seed: [UInt8], _ ciphertext: Span<UInt8>) -> InlineArray<16, UInt8> {
        let digest = hash(seed + bytes(ciphertext))
        return InlineArray { index in digest[index] }
    }

    private func bytes(_ span: Span<UInt8>) -> [UInt8] { span.indices.map { span[$0] } }

    private func hash(_ bytes: [UInt8]) -> [UInt8] {
        let digest = SHA256.hash(bytes.span)
        return digest.indices.map { digest[$0] }
    }
}

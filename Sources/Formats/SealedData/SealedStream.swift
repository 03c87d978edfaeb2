public import SICEABI

/// The chunks behind a header, one after the other, in either direction.
///
/// Key of the blob: HMAC-SHA256(sealing key, header). Nonce of a chunk: its number (u64), then 1 for the last and 0 for any
/// other (u32), as in STREAM (Hoang et al., CRYPTO 2015). So a chunk is right in one blob, at one place, and as the last or
/// not as the last: what is cut off, appended, repeated, swapped, or of another blob, is refused. There is always a last
/// chunk, if only an empty one; all before it are full.
public struct SealedStream<Cipher: SealedDataCipher> {
    private var cipher: Cipher
    private var key: InlineArray<32, UInt8>
    private let chunkSize: Int
    private var number: UInt64 = 0
    /// The last chunk went through, or one was refused.
    public private(set) var isOver = false

    /// `key` is the sealing key of what this header names.
    public init(_ header: SealedDataHeader, key: InlineArray<32, UInt8>, cipher: Cipher) {
        var cipher = cipher
        let encoded = header.encoded
        self.key = cipher.authenticate(encoded.span, key: key.span)
        self.cipher = cipher
        chunkSize = Int(header.chunkSize)
    }

    /// Encrypts a chunk in place. The tag, which follows it. Throws `sealedDataMalformed` when the chunk is not full and not
    /// the last, is too long, or comes after the last.
    public mutating func seal(
        _ chunk: inout MutableSpan<UInt8>, isLast: Bool
    ) throws(ErrorCode) -> InlineArray<16, UInt8> {
        try check(chunk.count, isLast)
        return run(&chunk, isLast, encrypts: true)
    }

    /// Decrypts a chunk in place. Throws as ``seal(_:isLast:)``, and `sealedDataRefused` when the chunk is not what was
    /// sealed at this place under this key; then it is zeros, and nothing more is opened.
    public mutating func open(
        _ chunk: inout MutableSpan<UInt8>, tag: Span<UInt8>, isLast: Bool
    ) throws(ErrorCode) {
        guard tag.count == SealedDataHeader.tagSize else { throw .sealedDataMalformed }
        try check(chunk.count, isLast)
        let found = run(&chunk, isLast, encrypts: false)
        guard found.isEqual(to: InlineArray { tag[$0] }) else {
            for index in 0..<chunk.count { chunk[index] = 0 }
            finish()
            throw .sealedDataRefused
        }
    }

    private func check(_ count: Int, _ isLast: Bool) throws(ErrorCode) {
        guard !isOver, number < .max, count <= chunkSize, isLast || count == chunkSize else {
            throw .sealedDataMalformed
        }
    }

    private mutating func run(
        _ chunk: inout MutableSpan<UInt8>, _ isLast: Bool, encrypts: Bool
    ) -> InlineArray<16, UInt8> {
        var nonce = InlineArray<12, UInt8>(repeating: 0)
        for index in 0..<8 { nonce[index] = UInt8(truncatingIfNeeded: number >> UInt64(index * 8)) }
        nonce[8] = isLast ? 1 : 0
        let tag = cipher.run(&chunk, key: key.span, nonce: nonce.span, encrypts: encrypts)
        number += 1
        if isLast { finish() }
        return tag
    }

    private mutating func finish() {
        isOver = true
        key = .init(repeating: 0)
    }
}

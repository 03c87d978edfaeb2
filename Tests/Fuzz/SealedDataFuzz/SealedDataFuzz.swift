import SHA2
import SICEABI
import SealedData

/// Any bytes as sealed data: a header that is taken is written again to the same bytes, and no chunk behind it is opened, since
/// nobody has its key.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(ErrorCode) {
        let header = try SealedDataHeader(input.span)
        let encoded = header.encoded
        precondition(encoded.indices.allSatisfy { encoded[$0] == input[$0] }, "two encodings of one header")
        try open(input.dropFirst(SealedDataHeader.size), header)
        preconditionFailure("forged")
    } catch {
        precondition(error == .sealedDataMalformed || error == .sealedDataRefused, "another error")
    }
    return 0
}

private func open(_ rest: ArraySlice<UInt8>, _ header: SealedDataHeader) throws(ErrorCode) {
    var stream = SealedStream(header, key: .init(repeating: 0x5A), cipher: HashCipher())
    var rest = rest
    let size = Int(header.chunkSize) + SealedDataHeader.tagSize
    while true {
        var chunk = Array(rest.prefix(size))
        rest = rest.dropFirst(size)
        let tag = Array(chunk.suffix(16))
        chunk.removeLast(min(16, chunk.count))
        var span = chunk.mutableSpan
        try stream.open(&span, tag: tag.span, isLast: rest.isEmpty)
        if rest.isEmpty { return }
    }
}

/// Tags that depend on all of the key; nothing is encrypted.
private struct HashCipher: SealedDataCipher {
    mutating func authenticate(_ message: Span<UInt8>, key: Span<UInt8>) -> InlineArray<32, UInt8> {
        var hash = SHA256()
        hash.update(key)
        hash.update(message)
        return hash.finish()
    }

    mutating func run(
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

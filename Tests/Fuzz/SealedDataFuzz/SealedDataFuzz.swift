import SICEABI
import SealedData
import ToyCipher

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

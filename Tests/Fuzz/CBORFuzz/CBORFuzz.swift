import ByteIO
import CBOR

/// Decodes any bytes as a sequence of items and encodes each again: what the decoder accepts has one encoding, so
/// the same bytes come out.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    var output = [UInt8](repeating: 0, count: count + 16)
    var decoder = CBORDecoder(input.span)
    var encoder = CBOREncoder(output.mutableSpan)
    var accepted = 0
    do {
        while decoder.remaining > 0 {
            try copyItem(input[accepted] >> 5, &decoder, &encoder)
            accepted = count - decoder.remaining
        }
    } catch { precondition(error is CBORError, "the encoder had no room") }
    let written = encoder.count
    precondition(
        written == accepted && output[..<accepted] == input[..<accepted], "two encodings of one value")
    skipAll(input)
    return 0
}

/// Stepping over values ends, and each step goes forward.
private func skipAll(_ input: [UInt8]) {
    var decoder = CBORDecoder(input.span)
    var remaining = input.count
    do throws(CBORError) {
        while remaining > 0 {
            try decoder.skip()
            precondition(decoder.remaining < remaining, "a step over nothing")
            remaining = decoder.remaining
        }
    } catch {}  // no value there
}

/// Heads of containers and tags count as items of their own: whatever follows is the next item.
@_lifetime(decoder: copy decoder)
@_lifetime(encoder: copy encoder)
private func copyItem(_ major: UInt8, _ decoder: inout CBORDecoder, _ encoder: inout CBOREncoder) throws {
    switch major {
    case 2: try encoder.encode(bytes: try decoder.readBytes())
    case 3: try encoder.encode(text: try decoder.readText())
    case 4: try encoder.encodeArrayHead(count: try decoder.readArray())
    case 5: try encoder.encodeMapHead(count: try decoder.readMap())
    case 6: try encoder.encode(tag: try decoder.readTag())
    default: try encoder.encode(signed: try decoder.readInteger())
    }
}

/// A signature in the form that `openssl dgst -verify` takes: DER SEQUENCE of two INTEGERs (RFC 3279 §2.2.3).
struct ECDSASignature: ~Copyable {
    private var bytes = InlineArray<72, UInt8>(repeating: 0)
    private var count = 2

    /// `raw` is r ‖ s, 32 bytes each.
    init(raw: InlineArray<64, UInt8>) {
        append(raw, from: 0)
        append(raw, from: 32)
        bytes[0] = 0x30
        bytes[1] = UInt8(count - 2)
    }

    /// The encoded signature.
    var der: Span<UInt8> {
        @_lifetime(&self)
        mutating get { bytes.span.extracting(0..<count) }
    }

    /// Appends an INTEGER: no leading zero bytes, but one where the first bit would mean a negative number.
    private mutating func append(_ raw: InlineArray<64, UInt8>, from start: Int) {
        var first = start
        while first < start + 31, raw[first] == 0 { first += 1 }
        let padding = raw[first] & 0x80 != 0 ? 1 : 0
        bytes[count] = 0x02
        bytes[count + 1] = UInt8(start + 32 - first + padding)
        count += 2 + padding
        for index in first..<(start + 32) {
            bytes[count] = raw[index]
            count += 1
        }
    }
}

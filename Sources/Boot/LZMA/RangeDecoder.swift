internal import SICEABI

/// The arithmetic decoder below LZMA: bits with adaptive probabilities, and bits without.
struct RangeDecoder {
    private var range = UInt32.max
    private var code: UInt32 = 0
    private var position = 0

    /// Reads the first five bytes of a stream, the first of which is zero. Throws `bootPayloadDamaged`.
    mutating func start(_ input: Span<UInt8>, at offset: Int) throws(ErrorCode) {
        guard input.count - offset >= 5, input[offset] == 0 else { throw .bootPayloadDamaged }
        for index in 1..<5 { code = code << 8 | UInt32(input[offset + index]) }
        position = offset + 5
    }

    /// Whether nothing is left of the stream: an encoder's last bytes leave the code at zero.
    var isAtEnd: Bool { code == 0 }

    /// The next bit; its model moves towards it by a 32nd. Throws `bootPayloadDamaged` at the input's end.
    ///
    /// Nothing here can overflow: the probability stays between 31 and 2017 of 2048, so the bound is less than the
    /// range. A boot's time is spent here, so no instruction checks for it.
    @inline(__always)
    mutating func bit(_ probability: inout UInt16, _ input: Span<UInt8>) throws(ErrorCode) -> Int {
        let bound = (range >> 11) &* UInt32(probability)
        let result: Int
        if code < bound {
            range = bound
            probability &+= (2048 &- probability) >> 5
            result = 0
        } else {
            range &-= bound
            code &-= bound
            probability &-= probability >> 5
            result = 1
        }
        try normalize(input)
        return result
    }

    /// The next `count` bits, highest first, each as likely as not.
    mutating func directBits(_ count: Int, _ input: Span<UInt8>) throws(ErrorCode) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            range >>= 1
            let isSet = code >= range
            if isSet { code -= range }
            value = value << 1 | (isSet ? 1 : 0)
            try normalize(input)
        }
        return value
    }

    private mutating func normalize(_ input: Span<UInt8>) throws(ErrorCode) {
        guard range < 1 << 24 else { return }
        guard position < input.count else { throw .bootPayloadDamaged }
        range <<= 8
        code = code << 8 | UInt32(input[position])
        position += 1
    }
}

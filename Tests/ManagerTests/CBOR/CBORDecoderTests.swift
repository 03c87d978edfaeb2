import CBOR
import Testing

@Suite struct CBORDecoderTests {
    private func integer(_ bytes: [UInt8]) throws(CBORError) -> Int64 {
        var decoder = CBORDecoder(bytes.span)
        let value = try decoder.readInteger()
        try decoder.finish()
        return value
    }

    @Test(
        arguments: [
            ([0x00], 0), ([0x17], 23), ([0x18, 0x18], 24), ([0x19, 0x01, 0x00], 256), ([0x20], -1),
            ([0x39, 0x01, 0x06], -263), ([0x3A, 0x00, 0x01, 0x11, 0x70], -70001),
            ([0x1B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], Int64.max),
            ([0x3B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], Int64.min),
        ] as [([UInt8], Int64)])
    func accept_integer(_ bytes: [UInt8], _ value: Int64) throws {
        #expect(try integer(bytes) == value)
    }

    @Test(
        arguments: [
            ([], .truncated), ([0x18], .truncated), ([0x19, 0x01], .truncated),
            ([0x18, 0x17], .notShortest), ([0x19, 0x00, 0xFF], .notShortest),
            ([0x1A, 0x00, 0x00, 0xFF, 0xFF], .notShortest),
            ([0x1B, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], .notShortest),
            ([0x1C], .indefinite), ([0x1F], .indefinite), ([0x40], .wrongType),
            ([0x1B, 0x80, 0, 0, 0, 0, 0, 0, 0], .outOfRange),
            ([0x3B, 0x80, 0, 0, 0, 0, 0, 0, 0], .outOfRange),
            ([0x00, 0x00], .trailingBytes),
        ] as [([UInt8], CBORError)])
    func reject_integer(_ bytes: [UInt8], _ error: CBORError) {
        #expect(throws: error) { try integer(bytes) }
    }

    @Test func reject_lengthBeyondTheEnd() {
        for bytes: [UInt8] in [
            [0x42, 1], [0x5B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x58, 24],
        ] {
            #expect(throws: CBORError.truncated) {
                var decoder = CBORDecoder(bytes.span)
                _ = try decoder.readBytes()
            }
        }
    }

    @Test func reject_indefiniteString() {
        #expect(throws: CBORError.indefinite) {
            let bytes: [UInt8] = [0x5F, 0x41, 1, 0xFF]
            var decoder = CBORDecoder(bytes.span)
            _ = try decoder.readBytes()
        }
    }

    @Test func reject_mapCountBeyondTheEnd() {
        #expect(throws: CBORError.truncated) {
            let bytes: [UInt8] = [0xA2, 1, 1]
            var decoder = CBORDecoder(bytes.span)
            _ = try decoder.readMap()
        }
    }

    private func keys(_ keys: [UInt8]) throws(CBORError) {
        var decoder = CBORDecoder(keys.span)
        var order = CBORKeyOrder()
        while decoder.remaining > 0 { _ = try decoder.readKey(in: &order) }
    }

    @Test func accept_keysInOrderOfTheirEncodings() throws {
        try keys([0x01, 0x0A, 0x18, 0x64, 0x20, 0x21, 0x38, 0x20])
    }

    @Test(
        arguments: [[0x02, 0x01], [0x01, 0x01], [0x20, 0x01], [0x21, 0x20], [0x20, 0x20]] as [[UInt8]])
    func reject_keysOutOfOrder(_ bytes: [UInt8]) {
        #expect(throws: CBORError.notSorted) { try keys(bytes) }
    }

    @Test func encoder_isReadBack() throws {
        var memory = [UInt8](repeating: 0, count: 64)
        var encoder = CBOREncoder(memory.mutableSpan)
        try encoder.encode(tag: 18)
        try encoder.encodeArrayHead(count: 2)
        try encoder.encode(signed: -70015)
        try encoder.encode(text: [0x61, 0x62].span)
        let count = encoder.count
        var decoder = CBORDecoder(memory.span.extracting(0..<count))
        #expect(try decoder.readTag() == 18)
        #expect(try decoder.readArray() == 2)
        #expect(try decoder.readInteger() == -70015)
        #expect(try decoder.readText().count == 2)
        try decoder.finish()
    }

    /// Each value is followed by one more byte, which is left.
    @Test(
        arguments: [
            [0x17], [0x39, 0x01, 0x06], [0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x42, 1, 2], [0x61, 0x61], [0x80], [0xA0], [0x82, 1, 0x81, 2],
            [0xA2, 2, 0x41, 3, 1, 0xA1, 1, 0x80], [0xD2, 0x82, 1, 2],
        ] as [[UInt8]])
    func skip_oneValueWithAllThatItHolds(_ value: [UInt8]) throws {
        let bytes = value + [0x05]
        var decoder = CBORDecoder(bytes.span)
        try decoder.skip()
        #expect(decoder.remaining == 1)
        #expect(try decoder.readInteger() == 5)
    }

    @Test(
        arguments: [
            ([], .truncated), ([0x42, 1], .truncated), ([0x82, 1], .truncated), ([0xA1, 1], .truncated),
            ([0x9B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .truncated), ([0xD2], .truncated),
            ([0x5F, 0x41, 1, 0xFF], .indefinite), ([0x58, 1, 1], .notShortest), ([0xF6], .wrongType),
            ([0x81, 0xF5], .wrongType),
        ] as [([UInt8], CBORError)])
    func reject_skipOf(_ bytes: [UInt8], _ error: CBORError) {
        #expect(throws: error) {
            var decoder = CBORDecoder(bytes.span)
            try decoder.skip()
        }
    }

    /// Nesting as deep as the input is long costs no stack.
    @Test func skip_deepNesting() throws {
        let bytes = [UInt8](repeating: 0x81, count: 1_000_000) + [0x00]
        var decoder = CBORDecoder(bytes.span)
        try decoder.skip()
        #expect(decoder.remaining == 0)
    }
}

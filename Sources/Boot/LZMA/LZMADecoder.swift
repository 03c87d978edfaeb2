internal import ByteIO
public import SICEABI

/// Expands a file in the LZMA format ("LZMA alone": properties, dictionary size, length, stream) as cbfstool makes
/// it. No heap; the output itself is the dictionary.
///
/// The input comes from the flash: every distance is checked against what was produced, every byte of input and
/// output against its end, and each step produces a byte or ends, so that no input can make it endless.
public struct LZMADecoder: ~Copyable {
    /// Bytes of the header.
    public static var headerSize: Int { 13 }

    private var coder = RangeDecoder()
    private var probabilities = InlineArray<14_135, UInt16>(repeating: Probability.half)
    private var literalContextBits = 0
    private var literalPositionMask = 0
    private var positionMask = 0
    private var state = 0
    private var distances = InlineArray<4, UInt32>(repeating: 0)
    private var produced = 0

    private init() {}

    /// Expands `input` into the start of `output` and returns the number of bytes. Throws `bootPayloadDamaged` when
    /// the input is truncated, malformed, needs more state than 4 literal bits, or holds more than the output or than
    /// its header says.
    public static func expand(
        _ input: Span<UInt8>, into output: inout MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        var decoder = LZMADecoder()
        let length = try decoder.readHeader(input)
        // Without a length the stream has an end mark, and the output's size is the limit.
        var limit = output.count
        if let length {
            guard length <= UInt64(limit) else { throw .bootPayloadDamaged }
            limit = Int(length)
        }
        try decoder.coder.start(input, at: headerSize)
        while length == nil || decoder.produced < limit {
            if try decoder.step(input, into: &output, limit: limit) { break }
        }
        guard length == nil || decoder.produced == limit else { throw .bootPayloadDamaged }
        // An end mark may follow a length that is known; anything else is more than the header says.
        if !decoder.coder.isAtEnd {
            guard try decoder.step(input, into: &output, limit: limit), decoder.coder.isAtEnd else {
                throw .bootPayloadDamaged
            }
        }
        return decoder.produced
    }

    private mutating func readHeader(_ input: Span<UInt8>) throws(ErrorCode) -> UInt64? {
        guard input.count >= Self.headerSize, input[0] < 9 * 5 * 5 else { throw .bootPayloadDamaged }
        let properties = Int(input[0])
        let positionBits = properties / 9 % 5
        literalContextBits = properties % 9
        guard literalContextBits + positionBits <= 4 else { throw .bootPayloadDamaged }
        literalPositionMask = 1 << positionBits - 1
        positionMask = 1 << (properties / 45) - 1
        let length = input.littleEndian(at: 5, as: UInt64.self)
        return length == UInt64.max ? nil : length
    }

    /// One literal or match. Returns whether the stream's end mark came.
    private mutating func step(
        _ input: Span<UInt8>, into output: inout MutableSpan<UInt8>, limit: Int
    ) throws(ErrorCode) -> Bool {
        let position = produced & positionMask
        if try bit(Probability.isMatch + state << 4 + position, input) == 0 {
            guard produced < limit else { throw .bootPayloadDamaged }
            try literal(input, into: &output)
            return false
        }
        let length: Int
        if try bit(Probability.isRepeated + state, input) == 0 {
            shiftDistances(3)
            length = try self.length(Probability.matchLength, position, input)
            distances[0] = try distance(length, input)
            if distances[0] == UInt32.max { return true }
            state = state < 7 ? 7 : 10
        } else {
            length = try repeatedLength(position, input)
        }
        try copy(length, into: &output, limit: limit)
        return false
    }

    /// A match at one of the last four distances; the shortest one is a single byte.
    private mutating func repeatedLength(_ position: Int, _ input: Span<UInt8>) throws(ErrorCode) -> Int {
        if try bit(Probability.isFirst + state, input) == 0 {
            if try bit(Probability.isLong + state << 4 + position, input) == 0 {
                state = state < 7 ? 9 : 11
                return 1
            }
        } else if try bit(Probability.isSecond + state, input) == 0 {
            bringForward(1)
        } else {
            bringForward(try bit(Probability.isThird + state, input) == 0 ? 2 : 3)
        }
        state = state < 7 ? 8 : 11
        return try length(Probability.repeatedLength, position, input)
    }

    private mutating func bringForward(_ index: Int) {
        let distance = distances[index]
        shiftDistances(index)
        distances[0] = distance
    }

    /// Makes room at index 0; what is at `last` falls out.
    private mutating func shiftDistances(_ last: Int) {
        var index = last
        while index > 0 {
            distances[index] = distances[index - 1]
            index -= 1
        }
    }

    private mutating func copy(
        _ length: Int, into output: inout MutableSpan<UInt8>, limit: Int
    ) throws(ErrorCode) {
        let back = Int(distances[0]) + 1
        guard back <= produced, length <= limit - produced else { throw .bootPayloadDamaged }
        for _ in 0..<length {
            output[produced] = output[produced - back]
            produced += 1
        }
    }
}

extension LZMADecoder {
    private mutating func bit(_ index: Int, _ input: Span<UInt8>) throws(ErrorCode) -> Int {
        try coder.bit(&probabilities[index], input)
    }

    /// A number of `bits` bits, highest first, from the tree at `base`.
    private mutating func tree(_ base: Int, _ bits: Int, _ input: Span<UInt8>) throws(ErrorCode) -> Int {
        var node = 1
        for _ in 0..<bits { node = node << 1 | (try bit(base + node, input)) }
        return node - 1 << bits
    }

    /// A number of `bits` bits, lowest first.
    private mutating func reverseTree(_ base: Int, _ bits: Int, _ input: Span<UInt8>) throws(ErrorCode) -> Int
    {
        var node = 1
        var value = 0
        for index in 0..<bits {
            let next = try bit(base + node, input)
            node = node << 1 | next
            value |= next << index
        }
        return value
    }

    /// A length, 2 to 273.
    private mutating func length(
        _ base: Int, _ position: Int, _ input: Span<UInt8>
    ) throws(ErrorCode) -> Int {
        if try bit(base, input) == 0 { return try tree(base + 2 + position << 3, 3, input) + 2 }
        if try bit(base + 1, input) == 0 { return try tree(base + 130 + position << 3, 3, input) + 10 }
        return try tree(base + 258, 8, input) + 18
    }

    /// A distance less one; all ones is the end mark.
    private mutating func distance(_ length: Int, _ input: Span<UInt8>) throws(ErrorCode) -> UInt32 {
        let slot = try tree(Probability.slot + min(length - 2, 3) << 6, 6, input)
        guard slot >= 4 else { return UInt32(slot) }
        let bits = slot >> 1 - 1
        let high = UInt32(2 | slot & 1) << UInt32(bits)
        if slot < 14 {
            let base = Probability.middle + Int(high) - slot
            return high + UInt32(try reverseTree(base, bits, input))
        }
        let direct = try coder.directBits(bits - 4, input) << 4
        return high &+ direct &+ UInt32(try reverseTree(Probability.alignment, 4, input))
    }

    private mutating func literal(
        _ input: Span<UInt8>, into output: inout MutableSpan<UInt8>
    ) throws(ErrorCode) {
        let previous = produced > 0 ? Int(output[produced - 1]) : 0
        let context =
            (produced & literalPositionMask) << literalContextBits + previous >> (8 - literalContextBits)
        let base = Probability.literal + 0x300 * context
        var node = 1
        if state >= 7 {
            // After a match the byte at the last distance is most likely not the next one.
            guard Int(distances[0]) < produced else { throw .bootPayloadDamaged }
            var match = Int(output[produced - Int(distances[0]) - 1])
            while node < 0x100 {
                let expected = match >> 7 & 1
                match <<= 1
                let next = try bit(base + (1 + expected) << 8 + node, input)
                node = node << 1 | next
                if next != expected { break }
            }
        }
        while node < 0x100 { node = node << 1 | (try bit(base + node, input)) }
        output[produced] = UInt8(truncatingIfNeeded: node)
        produced += 1
        state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6
    }
}

/// Where the models of the format lie in one array, and their first value.
private enum Probability {
    static let half: UInt16 = 1 << 10
    static let isMatch = 0
    static let isRepeated = 192
    static let isFirst = 204
    static let isSecond = 216
    static let isThird = 228
    static let isLong = 240
    static let slot = 432
    static let middle = 688
    static let alignment = 803
    static let matchLength = 819
    static let repeatedLength = 1333
    static let literal = 1847
}

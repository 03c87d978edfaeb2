/// SHA-256 (FIPS 180-4), for firmware that runs before the security manager and its crypto library.
///
/// It hashes public bytes only (code and configuration), so it need not be constant in time or memory access.
public struct SHA256 {
    /// Bytes of a digest.
    public static var digestSize: Int { 32 }

    private var state: InlineArray<8, UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
        0x5be0_cd19,
    ]
    private var block = InlineArray<64, UInt8>(repeating: 0)
    private var filled = 0
    private var length: UInt64 = 0

    public init() {}

    /// The digest of one byte string.
    public static func hash(_ bytes: Span<UInt8>) -> InlineArray<32, UInt8> {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    /// Adds bytes.
    public mutating func update(_ bytes: Span<UInt8>) {
        length &+= UInt64(bytes.count)
        var offset = 0
        while filled != 0, offset < bytes.count {
            append(bytes[offset])
            offset += 1
        }
        while bytes.count - offset >= 64 {
            compress(bytes.extracting(offset..<(offset + 64)))
            offset += 64
        }
        while offset < bytes.count {
            append(bytes[offset])
            offset += 1
        }
    }

    /// Pads and returns the digest (FIPS 180-4 §5.1.1). The value is used up.
    public mutating func finish() -> InlineArray<32, UInt8> {
        let bits = length &* 8
        append(0x80)
        while filled != 56 { append(0) }
        for index in 0..<8 { append(UInt8(truncatingIfNeeded: bits >> UInt64(56 - index * 8))) }
        var digest = InlineArray<32, UInt8>(repeating: 0)
        for index in 0..<32 {
            digest[index] = UInt8(truncatingIfNeeded: state[index / 4] >> UInt32(24 - index % 4 * 8))
        }
        return digest
    }

    private mutating func append(_ byte: UInt8) {
        block[filled] = byte
        filled += 1
        if filled == 64 {
            let full = block
            compress(full.span)
            filled = 0
        }
    }

    /// One block of 64 bytes (FIPS 180-4 §6.2.2, whose names these are). Sixteen words of the message schedule W
    /// live at a time, and their rounds are written out, so that no name and no word moves: a boot waits for this
    /// function more than for anything else.
    @inline(__always)
    private mutating func compress(_ bytes: Span<UInt8>) {
        guard bytes.count == 64 else { return }  // lets the compiler drop the checks of every index
        var words = Self.load(bytes)
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for group in 0..<4 {
            if group > 0 { Self.extend(&words) }
            Self.fourRounds(group, 0, words, &a, &b, &c, &d, &e, &f, &g, &h)
            Self.fourRounds(group, 4, words, &e, &f, &g, &h, &a, &b, &c, &d)
            Self.fourRounds(group, 8, words, &a, &b, &c, &d, &e, &f, &g, &h)
            Self.fourRounds(group, 12, words, &e, &f, &g, &h, &a, &b, &c, &d)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
        state[5] &+= f
        state[6] &+= g
        state[7] &+= h
    }

    /// Four rounds; afterwards `e` is in the place of `a`, and so on.
    @inline(__always)
    private static func fourRounds(
        _ group: Int, _ first: Int, _ words: InlineArray<16, UInt32>, _ a: inout UInt32, _ b: inout UInt32,
        _ c: inout UInt32, _ d: inout UInt32, _ e: inout UInt32, _ f: inout UInt32, _ g: inout UInt32,
        _ h: inout UInt32
    ) {
        let constant = group * 16 + first
        round(a, b, c, &d, e, f, g, &h, roundConstants[constant] &+ words[first])
        round(h, a, b, &c, d, e, f, &g, roundConstants[constant + 1] &+ words[first + 1])
        round(g, h, a, &b, c, d, e, &f, roundConstants[constant + 2] &+ words[first + 2])
        round(f, g, h, &a, b, c, d, &e, roundConstants[constant + 3] &+ words[first + 3])
    }

    /// Changes `d` into the next e, and `h` into the next a.
    @inline(__always)
    private static func round(
        _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
        _ h: inout UInt32, _ input: UInt32
    ) {
        // Σ1 = e⋙6 ⊕ e⋙11 ⊕ e⋙25 and Σ0 = a⋙2 ⊕ a⋙13 ⊕ a⋙22, each turned in one place.
        let sum1 = rotate(rotate(rotate(e, 14) ^ e, 5) ^ e, 6)
        let choice = ((f ^ g) & e) ^ g
        let first = h &+ sum1 &+ choice &+ input
        let sum0 = rotate(rotate(rotate(a, 9) ^ a, 11) ^ a, 2)
        let majority = (a & b) | ((a | b) & c)
        d = d &+ first
        h = first &+ sum0 &+ majority
    }

    /// The first sixteen words of the message schedule.
    @inline(__always)
    private static func load(_ bytes: Span<UInt8>) -> InlineArray<16, UInt32> {
        [
            word(bytes, 0), word(bytes, 1), word(bytes, 2), word(bytes, 3), word(bytes, 4), word(bytes, 5),
            word(bytes, 6), word(bytes, 7), word(bytes, 8), word(bytes, 9), word(bytes, 10), word(bytes, 11),
            word(bytes, 12), word(bytes, 13), word(bytes, 14), word(bytes, 15),
        ]
    }

    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, _ index: Int) -> UInt32 {
        UInt32(bytes[index * 4]) << 24 | UInt32(bytes[index * 4 + 1]) << 16
            | UInt32(bytes[index * 4 + 2]) << 8 | UInt32(bytes[index * 4 + 3])
    }

    /// The next sixteen words of the message schedule, in place of the last.
    @inline(__always)
    private static func extend(_ words: inout InlineArray<16, UInt32>) {
        extendFour(&words, at: 0)
        extendFour(&words, at: 4)
        extendFour(&words, at: 8)
        extendFour(&words, at: 12)
    }

    @inline(__always)
    private static func extendFour(_ words: inout InlineArray<16, UInt32>, at index: Int) {
        extendOne(&words, at: index)
        extendOne(&words, at: index + 1)
        extendOne(&words, at: index + 2)
        extendOne(&words, at: index + 3)
    }

    /// σ0 = early⋙7 ⊕ early⋙18 ⊕ early≫3 and σ1 = late⋙17 ⊕ late⋙19 ⊕ late≫10.
    @inline(__always)
    private static func extendOne(_ words: inout InlineArray<16, UInt32>, at index: Int) {
        let early = words[(index + 1) & 15]
        let late = words[(index + 14) & 15]
        let small0 = rotate(rotate(early, 11) ^ early, 7) ^ early &>> 3
        let small1 = rotate(rotate(late, 2) ^ late, 17) ^ late &>> 10
        words[index] = words[index] &+ small0 &+ words[(index + 9) & 15] &+ small1
    }
}

private func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
    value &>> count | value &<< (32 &- count)
}

/// FIPS 180-4 §4.2.2.
private let roundConstants: InlineArray<64, UInt32> = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
]

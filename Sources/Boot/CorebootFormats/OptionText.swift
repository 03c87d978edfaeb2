internal import ByteIO

/// Values of option files in CBFS.
public enum OptionText {
    /// A decimal number of at most six digits, with or without a final line end, as a person writes it with an
    /// editor, or eight bytes, least significant first, as `cbfstool add-int` makes them; nil for anything else.
    public static func number(_ text: Span<UInt8>) -> UInt64? {
        if text.count == 8 { return text.littleEndian(at: 0, as: UInt64.self) }
        var count = text.count
        if count > 0, text[count - 1] == 0x0A { count -= 1 }
        guard count >= 1, count <= 6 else { return nil }
        var value: UInt64 = 0
        for index in 0..<count {
            let byte = text[index]
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + UInt64(byte - 0x30)
        }
        return value
    }
}

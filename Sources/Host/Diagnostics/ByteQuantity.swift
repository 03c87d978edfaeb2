public import SICEABI

/// Sizes and addresses as people write them: `65536`, `0x10000`, `64K`, `64 KiB`, `1GiB`. Every manifest, option and
/// argument with a size is read here. Units are powers of 1024; there is no decimal one, so that nothing is guessed.
public enum ByteQuantity {
    private static let units: [(name: String, factor: UInt64)] = [
        ("", 1), ("K", 1 << 10), ("KiB", 1 << 10), ("M", 1 << 20), ("MiB", 1 << 20), ("G", 1 << 30),
        ("GiB", 1 << 30),
    ]
    /// What may be written, for messages.
    public static let forms = "a number of bytes (65536, 0x10000), or one with a unit (64K, 64 KiB, 1MiB, 1G)"

    /// The number of bytes; nil for anything that is no quantity, or larger than 64 bits hold.
    ///
    /// - Parameter unit: bytes that a number without a unit counts in.
    public static func bytes(_ text: String, unit: UInt64 = 1) -> UInt64? {
        // Bytes, not characters: to Swift's strings the Kelvin sign is a K.
        let text = Array(text.utf8)
        if text.starts(with: "0x".utf8) { return number(text.dropFirst(2), radix: 16) }
        let digits = text.prefix { (0x30...0x39).contains($0) }
        var name = text.dropFirst(digits.count)
        if name.count > 1, name.first == 0x20 { name = name.dropFirst() }
        guard let count = number(digits, radix: 10),
            let known = units.first(where: { $0.name.utf8.elementsEqual(name) })
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: name.isEmpty ? unit : known.factor)
        return overflow ? nil : product
    }

    /// A quantity of whole pages. Throws `error`, naming the key, the value, and the range or the forms.
    public static func pages(
        _ text: String, _ key: String, in range: ClosedRange<UInt64>, otherwise error: ErrorCode
    ) throws(ToolError) -> UInt64 {
        guard let value = bytes(text) else {
            throw ToolError(error, "\(key): \"\(text)\" is no quantity; write \(forms)")
        }
        guard range.contains(value) else {
            let (low, high) = (hexadecimal(range.lowerBound), hexadecimal(range.upperBound))
            throw ToolError(error, "\(key): \(text) (\(hexadecimal(value))) is not within \(low) to \(high)")
        }
        guard value % ABI.pageSize == 0 else {
            throw ToolError(error, "\(key): \(text) is not a multiple of \(ABI.pageSize)")
        }
        return value
    }

    /// Unlike the standard initializer this takes no sign.
    private static func number(_ digits: ArraySlice<UInt8>, radix: Int) -> UInt64? {
        let text = String(decoding: digits, as: UTF8.self)
        guard text.utf8.allSatisfy({ $0 < 0x80 }), text.allSatisfy(\.isHexDigit) else { return nil }
        return UInt64(text, radix: radix)
    }

    private static func hexadecimal(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
}

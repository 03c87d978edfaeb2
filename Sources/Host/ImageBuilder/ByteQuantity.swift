internal import Diagnostics
internal import SICEABI

/// Sizes and addresses as people write them: `65536`, `0x10000`, `64KiB`, `1MiB`.
enum ByteQuantity {
    private static let units: [(String, UInt64)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)]

    /// Parses a quantity of whole pages. Throws `manifestOutOfRange` naming key and range.
    static func parse(
        _ text: String, _ key: String, in range: ClosedRange<UInt64>
    ) throws(ToolError) -> UInt64 {
        guard let value = number(text), range.contains(value), value % ABI.pageSize == 0 else {
            let bounds =
                "0x" + String(range.lowerBound, radix: 16) + " to 0x" + String(range.upperBound, radix: 16)
            throw ToolError(
                .manifestOutOfRange, "\(key): \(text) is not a multiple of \(ABI.pageSize) from \(bounds)")
        }
        return value
    }

    private static func number(_ text: String) -> UInt64? {
        for (suffix, factor) in units where text.hasSuffix(suffix) {
            guard let count = digits(String(text.dropLast(suffix.count)), radix: 10) else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: factor)
            return overflow ? nil : product
        }
        if text.hasPrefix("0x") { return digits(String(text.dropFirst(2)), radix: 16) }
        return digits(text, radix: 10)
    }

    /// Unlike the standard initializer this takes no sign.
    private static func digits(_ text: String, radix: Int) -> UInt64? {
        guard text.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        return UInt64(text, radix: radix)
    }
}

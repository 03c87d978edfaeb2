extension JSONParser {
    /// A string, from its opening quotation mark (RFC 8259, 7).
    mutating func parseString() throws(JSONError) -> String {
        offset += 1
        var content: [UInt8] = []
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw failure("the string is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"):
                offset += 1
                content += try parseEscape()
            case 0..<0x20:
                throw failure("control character in a string")
            default:
                content.append(byte)
                offset += 1
            }
        }
        throw failure("ends inside a string")
    }

    private mutating func parseEscape() throws(JSONError) -> [UInt8] {
        guard let byte = current else { throw failure("ends inside a string") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try parseUnicodeEscape()
        default: throw failure("unknown escape")
        }
    }

    private mutating func parseUnicodeEscape() throws(JSONError) -> [UInt8] {
        var value = UInt32(try parseFourDigits())
        if (0xD800..<0xDC00).contains(value) {
            guard bytes[offset...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
                throw failure("half of a surrogate pair")
            }
            offset += 2
            let low = UInt32(try parseFourDigits())
            guard (0xDC00..<0xE000).contains(low) else { throw failure("half of a surrogate pair") }
            value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw failure("half of a surrogate pair") }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func parseFourDigits() throws(JSONError) -> UInt16 {
        guard bytes.count - offset >= 4 else { throw failure("ends inside a string") }
        var value: UInt16 = 0
        for byte in bytes[offset..<(offset + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw failure("four hexadecimal digits expected")
            }
            value = value << 4 | UInt16(digit)
        }
        offset += 4
        return value
    }
}

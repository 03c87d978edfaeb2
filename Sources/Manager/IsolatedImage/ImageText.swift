import SICEABI

/// The two text fields of a header: NUL-padded UTF-8.
enum ImageText {
    static let nameField = ImageLayout.name..<(ImageLayout.name + 32)
    static let versionField = ImageLayout.programVersion..<(ImageLayout.programVersion + 16)

    /// The bytes before the first NUL.
    @_lifetime(copy field)
    static func content(of field: Span<UInt8>) -> Span<UInt8> {
        var length = 0
        while length < field.count, field[length] != 0 { length &+= 1 }
        return field.extracting(0..<length)
    }

    /// Whether the field ends with at least one NUL, has only NULs after the first, and holds printable UTF-8.
    /// Control characters are refused: the name is printed on terminals and written to logs.
    static func isValid(_ field: Span<UInt8>) -> Bool {
        let text = content(of: field)
        guard text.count < field.count else { return false }
        for index in text.count..<field.count where field[index] != 0 { return false }
        return isPrintable(text)
    }

    /// Whether the bytes are well-formed UTF-8 (Unicode 3.9, table 3-7) without C0, DEL and C1 controls.
    static func isPrintable(_ text: Span<UInt8>) -> Bool {
        var index = 0
        while index < text.count {
            let length = sequenceLength(text, at: index)
            guard length > 0 else { return false }
            index &+= length
        }
        return true
    }

    private static func sequenceLength(_ text: Span<UInt8>, at index: Int) -> Int {
        let lead = text[index]
        switch lead {
        case 0x20...0x7E: return 1
        // The second byte's range excludes overlong forms, surrogates, values above U+10FFFF, C1 controls.
        case 0xC2: return tail(text, at: index, count: 1, second: 0xA0...0xBF)
        case 0xC3...0xDF: return tail(text, at: index, count: 1, second: 0x80...0xBF)
        case 0xE0: return tail(text, at: index, count: 2, second: 0xA0...0xBF)
        case 0xED: return tail(text, at: index, count: 2, second: 0x80...0x9F)
        case 0xE1...0xEF: return tail(text, at: index, count: 2, second: 0x80...0xBF)
        case 0xF0: return tail(text, at: index, count: 3, second: 0x90...0xBF)
        case 0xF1...0xF3: return tail(text, at: index, count: 3, second: 0x80...0xBF)
        case 0xF4: return tail(text, at: index, count: 3, second: 0x80...0x8F)
        default: return 0
        }
    }

    /// Length of a sequence with `count` bytes after its lead, or 0 when they are not as they must be.
    private static func tail(
        _ text: Span<UInt8>, at index: Int, count: Int, second: ClosedRange<UInt8>
    ) -> Int {
        guard text.count &- index > count, second.contains(text[index &+ 1]) else { return 0 }
        for offset in 1..<(count &+ 1) where text[index &+ offset] & 0xC0 != 0x80 { return 0 }
        return count &+ 1
    }
}

internal import Glibc
public import SICEABI

/// Names of files need not be UTF-8, and Swift's strings are nothing else. So a byte of a name that is no UTF-8 stands in a
/// string as a character of its own, for private use; the way back gives the same bytes, whatever the name was.
public enum SystemName {
    /// Byte 0x80 is the character U+10F780.
    private static let first: UInt32 = 0x10_F700
    private static let reserved = (first + 0x80)...(first + 0xFF)

    /// The program's arguments without its own name, every byte kept.
    public static var arguments: [String] {
        var list: [String] = []
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let argument = unsafe CommandLine.unsafeArgv[index] else { break }
            let bytes = unsafe UnsafeBufferPointer(start: argument, count: strlen(argument))
            list.append(text(unsafe bytes.map { UInt8(bitPattern: $0) }))
        }
        return list
    }

    /// A name as a string.
    public static func text(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self), isText(text) { return text }
        var text = String.UnicodeScalarView()
        var rest = bytes[...]
        while let byte = rest.first {
            if let scalar = character(rest) {
                text.append(scalar)
                rest = rest.dropFirst(String(scalar).utf8.count)
            } else {
                text.append(Unicode.Scalar(first + UInt32(byte)) ?? "?")
                rest = rest.dropFirst()
            }
        }
        return String(text)
    }

    /// The bytes of a name, or of a message that has one in it.
    public static func bytes(_ text: String) -> [UInt8] {
        isText(text)
            ? Array(text.utf8)
            : text.unicodeScalars.flatMap { scalar in
                reserved.contains(scalar.value)
                    ? [UInt8(truncatingIfNeeded: scalar.value - first)] : Array(String(scalar).utf8)
            }
    }

    /// Throws `error` for a name that is not UTF-8, where other programs and libraries must be told of it as text.
    public static func requireText(_ name: String, otherwise error: ErrorCode) throws(ToolError) {
        guard isText(name) else { throw ToolError(error, "\(name): this name must be UTF-8") }
    }

    private static func isText(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { !reserved.contains($0.value) }
    }

    /// The character that the bytes begin with; nil when they begin with none, or with one that stands for a byte.
    private static func character(_ bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        for count in 1...4 where count <= bytes.count {
            guard let text = String(validating: bytes.prefix(count), as: UTF8.self) else { continue }
            guard let scalar = text.unicodeScalars.first else { return nil }
            return reserved.contains(scalar.value) ? nil : scalar
        }
        return nil
    }
}

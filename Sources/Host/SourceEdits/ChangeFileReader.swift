public import Diagnostics
public import SICEABI

/// Goes line by line through a file that says how sources are changed: lines `KEY: VALUE`, and text between markers, lines
/// that begin with `--- `.
public struct ChangeFileReader {
    private let file: String
    private let code: ErrorCode
    private let lines: [Substring]
    private var next = 0

    /// - Parameters:
    ///   - file: Its name, for messages.
    ///   - code: What is thrown for a line that may not be there.
    public init(_ text: String, file: String, code: ErrorCode) {
        self.file = file
        self.code = code
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// Whether nothing but empty lines is left.
    public var isAtEnd: Bool { lines[next...].allSatisfy(\.isEmpty) }

    /// The error for the line that is next.
    public var failure: ToolError { ToolError(code, "\(file), line \(next + 1)") }

    /// Whether the next line has this key.
    public func has(_ key: String) -> Bool { next < lines.count && lines[next].hasPrefix(key) }

    /// The value of the next line that is not empty, which must have this key, and a value.
    public mutating func value(_ key: String) throws(ToolError) -> String {
        while next < lines.count, lines[next].isEmpty { next += 1 }
        guard has(key), lines[next].count > key.count else { throw failure }
        next += 1
        return String(lines[next - 1].dropFirst(key.count))
    }

    /// Passes exactly this line.
    public mutating func marker(_ text: String) throws(ToolError) {
        guard next < lines.count, lines[next] == text else { throw failure }
        next += 1
    }

    /// The lines up to a marker, and passes it.
    public mutating func lines(upTo marker: String) throws(ToolError) -> String {
        // The next marker, whichever it is: a forgotten one would swallow what follows.
        guard let end = lines[next...].firstIndex(where: { $0.hasPrefix("--- ") }), lines[end] == marker
        else {
            throw failure
        }
        defer { next = end + 1 }
        return lines[next..<end].map { $0 + "\n" }.joined()
    }
}

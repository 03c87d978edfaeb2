public import SICEABI

/// A row of the error table together with what it is about: the file, key or value that a person must look at.
///
/// Tools throw only this; the row decides the exit status and the remedy.
public struct ToolError: Error, Equatable, Sendable {
    /// The row of the table.
    public let code: ErrorCode
    /// The thing at fault, in a few words. May be empty.
    public let detail: String

    public init(_ code: ErrorCode, _ detail: String = "") {
        self.code = code
        self.detail = detail
    }

    /// What the argument parser says of a command line that it refuses, as a row of the table like all the rest.
    public static func usage(parserSays text: String) -> ToolError {
        let prefix = "Error: "
        return ToolError(.usage, text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text)
    }

    /// Exit status that the row prescribes.
    public var exitStatus: Int32 { code.description.exitStatus }

    /// Lines for standard error: what is wrong, with what, and what to do.
    public var message: String {
        let row = code.description
        let subject = detail.isEmpty ? "" : "\n  \(detail)"
        return "error: \(code.name): \(row.summary)\(subject)\n  \(row.remedy)"
    }
}

extension ErrorCode {
    /// The name that messages use and `sice-attest explain` takes: `SICE-E0104`.
    public var name: String {
        let digits = String(rawValue)
        return "SICE-E" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// The row with this name: `SICE-E0104`, `E0104` or `104`, in either case; nil if there is none.
    public init?(name: String) {
        var digits = Substring(name.uppercased())
        if digits.hasPrefix("SICE-") { digits = digits.dropFirst(5) }
        if digits.hasPrefix("E") { digits = digits.dropFirst() }
        guard let number = UInt16(digits), digits.allSatisfy(\.isNumber) else { return nil }
        self.init(rawValue: number)
    }
}

public import Diagnostics
internal import SICEABI

/// What became of a request to a guest's server, as a line of the control socket: the number and the details of an error,
/// or 0 when it was done.
public struct MoveAnswer: Equatable, Sendable {
    public let error: ToolError?

    public init(_ error: ToolError?) { self.error = error }

    /// The line, without its line end.
    public var line: String {
        guard let error else { return "0" }
        return "\(error.code.rawValue) "
            + error.detail.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// Parses a line without its line end; nil for anything that ``line`` does not write.
    public init?(line: String) {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let code = parts.first.flatMap { UInt16($0) }.flatMap { ErrorCode(rawValue: $0) }
        error = code.map { ToolError($0, parts.count == 2 ? String(parts[1]) : "") }
        guard self.line == line else { return nil }
    }
}

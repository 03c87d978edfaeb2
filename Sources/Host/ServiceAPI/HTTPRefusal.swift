public import Diagnostics
internal import SICEABI

/// Why a request is not answered as it asks: the error, and the status that RFC 9110 has for it.
public struct HTTPRefusal: Error, Equatable, Sendable {
    public let error: ToolError
    public let status: Int
    /// The path's methods, where the request has another one.
    public let allowedMethods: [String]

    public init(_ error: ToolError, status: Int, allowedMethods: [String] = []) {
        self.error = error
        self.status = status
        self.allowedMethods = allowedMethods
    }

    /// A request that is not right: `usage`.
    init(_ detail: String, status: Int = 400) { self.init(ToolError(.usage, detail), status: status) }
}

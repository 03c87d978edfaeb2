public import Diagnostics
internal import EvidenceFormat
internal import SICEABI
public import StrictJSON

/// An error as the service tells it and as its clients read it. Schema `sice.error/1`.
public struct ServiceError: Equatable, Sendable {
    public let error: ToolError

    public init(_ error: ToolError) { self.error = error }

    public var json: JSON { Refusal(code: error.code.name, message: message).json }

    private var message: String {
        let detail = error.detail.isEmpty ? "" : " (\(error.detail))"
        return Self.start(error.code) + detail + Self.end(error.code)
    }

    /// Nil for what is no such document, or of a code that this version does not know.
    public init?(json bytes: [UInt8]) {
        guard let refusal = try? Refusal(bytes), let code = Self.code(refusal.code) else { return nil }
        let detail = refusal.message.dropFirst(Self.start(code).count).dropLast(Self.end(code).count)
        self.init(ToolError(code, String(detail.dropFirst(2).dropLast())))
        guard message == refusal.message else { return nil }
    }

    /// The table speaks of command lines; here the request is what was used wrongly.
    private static func start(_ code: ErrorCode) -> String {
        code == .usage ? "The request is not right." : "\(code.description.summary)"
    }

    private static func end(_ code: ErrorCode) -> String {
        code == .callsNotAllowed ? " \(code.description.remedy)" : ""
    }

    private static func code(_ name: String) -> ErrorCode? {
        guard let number = UInt16(name.drop { !$0.isNumber }), let code = ErrorCode(rawValue: number),
            code.name == name
        else { return nil }
        return code
    }
}

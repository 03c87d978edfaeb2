public import Diagnostics
internal import SICEABI
public import StrictJSON

/// Why a request was not answered as it asks. Schema `sice.error/1`.
public struct Refusal: Equatable, Sendable {
    public static let schema = "sice.error/1"

    /// Name of the row of the error table: `SICE-E0104`.
    public var code: String
    /// What was wrong, in the words of who refuses.
    public var message: String

    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// Parses an answer. Throws `targetRefused`.
    public init(_ bytes: [UInt8]) throws(ToolError) {
        var fields = try JSONFields(
            document: bytes, schema: Self.schema, context: "error", errors: .init(.targetRefused))
        code = try fields.string("code")
        message = try fields.string("message")
    }

    /// The answer as JSON.
    public var json: JSON {
        .object(["schema": .string(Self.schema), "code": .string(code), "message": .string(message)])
    }
}

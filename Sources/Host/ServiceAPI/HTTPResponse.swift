public import Diagnostics
internal import EvidenceFormat
internal import SICEABI
public import StrictJSON

/// An answer.
public struct HTTPResponse: Equatable, Sendable {
    /// Seconds after which a client may ask again that could not be served at once.
    public static let retrySeconds = 1

    public let status: Int
    public let contentType: String
    public let body: [UInt8]
    /// Methods of the path, for an answer of 405.
    private var allowedMethods: [String] = []
    /// Nothing was wrong with the request, and the same may be answered soon.
    private var canBeRepeated = false
    /// The body is not sent (RFC 9110 §9.3.2); everything else is as if it were.
    private var isHeadOnly = false

    /// JSON, status 200.
    public init(_ json: JSON) {
        self.init(status: 200, contentType: "application/json", body: Array(json.text.utf8))
    }

    /// Bytes as they are, status 200.
    public init(_ bytes: [UInt8]) {
        self.init(status: 200, contentType: "application/octet-stream", body: bytes)
    }

    /// Lines for a person, status 200.
    init(lines: [String]) {
        self.init(
            status: 200, contentType: "text/plain; charset=utf-8",
            body: Array(lines.map { $0 + "\n" }.joined().utf8))
    }

    /// An error of the table, as JSON.
    public init(_ error: ToolError, status: Int? = nil) {
        self.init(
            status: status ?? HTTPResponse.status(of: error.code), contentType: "application/json",
            body: Array(ServiceError(error).json.text.utf8))
        canBeRepeated = error.code == .serviceBusy
    }

    /// The answer to a request that is not taken.
    public init(_ refusal: HTTPRefusal) {
        self.init(refusal.error, status: refusal.status)
        allowedMethods = refusal.allowedMethods
    }

    private init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// The answer to a request with that method.
    public func toMethod(_ method: String) -> HTTPResponse {
        var response = self
        response.isHeadOnly = method == "HEAD"
        return response
    }

    private static func status(of code: ErrorCode) -> Int {
        switch code {
        case .noSuchEnvironment: 404
        case .noTPMDevice, .noManager, .noCommunicationArea, .serviceBusy: 503
        case .requestTooSlow: 408
        case .callAbandoned: 504
        default:
            switch code.description.exitStatus {
            case 64, 65, 66: 400
            case 69: 409
            default: 500
            }
        }
    }

    private static let reasons = [
        200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        408: "Request Timeout", 409: "Conflict", 411: "Length Required", 413: "Content Too Large",
        431: "Request Header Fields Too Large", 501: "Not Implemented", 503: "Service Unavailable",
        504: "Gateway Timeout", 505: "HTTP Version Not Supported",
    ]

    /// Head and body, as they go over the wire.
    public var bytes: [UInt8] {
        let reason = HTTPResponse.reasons[status] ?? "Internal Server Error"
        var head =
            "HTTP/1.1 \(status) \(reason)\r\nContent-Type: \(contentType)\r\nContent-Length: \(body.count)\r\n"
        if status == 405 { head += "Allow: \(allowedMethods.joined(separator: ", "))\r\n" }
        if canBeRepeated { head += "Retry-After: \(HTTPResponse.retrySeconds)\r\n" }
        return Array((head + "Connection: close\r\n\r\n").utf8) + (isHeadOnly ? [] : body)
    }
}

public import Diagnostics
internal import SICEABI
public import StrictJSON

/// An answer with a body.
public struct HTTPResponse: Equatable, Sendable {
    public let status: Int
    public let contentType: String
    public let body: [UInt8]

    /// JSON, status 200.
    public init(_ json: JSON) {
        self.init(status: 200, contentType: "application/json", body: Array(json.text.utf8))
    }

    /// Bytes as they are, status 200.
    public init(_ bytes: [UInt8]) {
        self.init(status: 200, contentType: "application/octet-stream", body: bytes)
    }

    /// An error of the table, as JSON.
    public init(_ error: ToolError, status: Int? = nil) {
        let row = error.code.description
        // The table speaks of command lines; here the request is what was used wrongly.
        let summary = error.code == .usage ? "The request is not right." : "\(row.summary)"
        let message = error.detail.isEmpty ? summary : "\(summary) (\(error.detail))"
        let json = JSON.object([
            "schema": .string("sice.error/1"), "code": .string(error.code.name), "message": .string(message),
        ])
        self.init(
            status: status ?? HTTPResponse.status(of: error.code), contentType: "application/json",
            body: Array(json.text.utf8))
    }

    private init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    private static func status(of code: ErrorCode) -> Int {
        switch code {
        case .noSuchEnvironment: 404
        case .noTPMDevice, .noManager, .noCommunicationArea: 503
        default:
            switch code.description.exitStatus {
            case 64, 65, 66: 400
            case 69: 409
            default: 500
            }
        }
    }

    /// Head and body, as they go over the wire.
    public var bytes: [UInt8] {
        let reason =
            switch status {
            case 200: "OK"
            case 400: "Bad Request"
            case 404: "Not Found"
            case 405: "Method Not Allowed"
            case 409: "Conflict"
            case 503: "Service Unavailable"
            default: "Internal Server Error"
            }
        let head =
            "HTTP/1.1 \(status) \(reason)\r\nContent-Type: \(contentType)\r\n"
            + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        return Array(head.utf8) + body
    }
}

public import Diagnostics
internal import Foundation
internal import FoundationNetworking
internal import SICEABI
public import StrictJSON

/// Talks HTTP to `sice serve` on a machine that is to be verified. Nothing that comes back is believed.
public struct TargetClient: Sendable {
    private let base: String
    private let timeout: Double
    private static let maximumAnswer = 16 << 20

    /// - Parameter timeout: seconds that an answer may take; a quote takes a discrete TPM one or two.
    ///
    /// Throws `usage` unless the address is an http or https URL.
    public init(url: String, timeout: Double = 60) throws(ToolError) {
        self.timeout = timeout
        guard let parsed = URL(string: url), ["http", "https"].contains(parsed.scheme ?? ""),
            parsed.host != nil
        else { throw ToolError(.usage, "\(url) is not an http URL") }
        base = url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    /// GET. Throws `targetUnreachable`, `targetRefused`.
    public func get(_ path: String) async throws(ToolError) -> [UInt8] {
        try await send(try request(path))
    }

    /// POST of a JSON document. Throws `targetUnreachable`, `targetRefused`.
    public func post(_ path: String, _ document: JSON) async throws(ToolError) -> [UInt8] {
        try await post(path, Data(document.text.utf8), type: "application/json")
    }

    /// POST of bytes that only the workload understands. Throws `targetUnreachable`, `targetRefused`.
    public func post(_ path: String, bytes: [UInt8]) async throws(ToolError) -> [UInt8] {
        try await post(path, Data(bytes), type: "application/octet-stream")
    }

    private func post(_ path: String, _ body: Data, type: String) async throws(ToolError) -> [UInt8] {
        var request = try request(path)
        request.httpMethod = "POST"
        request.setValue(type, forHTTPHeaderField: "Content-Type")
        request.httpBody = body
        return try await send(request)
    }

    private func request(_ path: String) throws(ToolError) -> URLRequest {
        guard let url = URL(string: base + path) else { throw ToolError(.usage, "\(base)\(path)") }
        return URLRequest(
            url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: timeout)
    }

    private func send(_ request: URLRequest) async throws(ToolError) -> [UInt8] {
        switch await BoundedExchange.run(request, limit: TargetClient.maximumAnswer) {
        case .answer(status: 200, let body): return body
        case .answer(let status, let body):
            throw ToolError(.targetRefused, "\(base): status \(status)\(TargetClient.reason(body))")
        case .tooLarge: throw ToolError(.targetRefused, "\(base): the answer is too large")
        case .failed(let reason): throw ToolError(.targetUnreachable, "\(base): \(reason)")
        }
    }

    /// The target's own words: `sice.error/1`. Quoted, so that they cannot drive the reader's terminal.
    private static func reason(_ body: [UInt8]) -> String {
        do throws(ToolError) {
            var fields = try JSONFields(
                document: body, schema: "sice.error/1", context: "error", errors: .init(.targetRefused))
            let words = "\(try fields.string("code")): \(try fields.string("message"))"
            return ": \(JSON.string(words).line)"
        } catch { return "" }
    }
}

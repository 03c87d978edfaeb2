public import Diagnostics
internal import EvidenceFormat
internal import SICEABI
public import StrictJSON

/// Talks HTTP to `siced` on a machine that is to be verified. Nothing that comes back is believed.
///
/// It speaks with the host that it is told and nobody else: redirections are refused, proxies and cookies unknown. An answer is
/// plain bytes, at most as many as its kind can have.
public struct TargetClient: Sendable {
    /// Seconds that one request and its whole answer may take, unless told otherwise; a quote takes a discrete TPM one or two.
    public static let standardTimeout: Double = 60
    /// Bytes of an answer whose size is the workload's business.
    public static let largestAnswer = 16 << 20
    /// Bytes of an answer that has a handful of members.
    public static let shortAnswer = 1 << 20

    private let address: TargetAddress
    private let url: String
    private let timeout: Double

    /// - Parameter timeout: seconds from the look-up of the host's name to the last byte of the answer, for each request.
    ///
    /// Throws `usage` for an address that is no http URL, or says more than where to ask.
    public init(url: String, timeout: Double = standardTimeout) throws(ToolError) {
        address = try TargetAddress(url)
        self.url = url
        self.timeout = timeout
    }

    /// GET. Throws `targetUnreachable`, `targetTimedOut`, `targetUnusable`, `targetRefused`.
    ///
    /// - Parameter limit: bytes that the answer may have.
    public func get(_ path: String, limit: Int = shortAnswer) async throws(ToolError) -> [UInt8] {
        try await send(HTTPExchange.head("GET", path, to: address), limit)
    }

    /// POST of a JSON document. Throws as ``get(_:limit:)``.
    public func post(_ path: String, _ document: JSON) async throws(ToolError) -> [UInt8] {
        try await post(path, Array(document.text.utf8), type: "application/json", TargetClient.shortAnswer)
    }

    /// POST of bytes that only the workload understands. Throws as ``get(_:limit:)``.
    public func post(_ path: String, bytes: [UInt8]) async throws(ToolError) -> [UInt8] {
        try await post(path, bytes, type: "application/octet-stream", TargetClient.largestAnswer)
    }

    private func post(
        _ path: String, _ body: [UInt8], type: String, _ limit: Int
    ) async throws(ToolError) -> [UInt8] {
        try await send(
            HTTPExchange.head("POST", path, to: address, type: type, length: body.count) + body, limit)
    }

    private func send(_ request: [UInt8], _ limit: Int) async throws(ToolError) -> [UInt8] {
        let answer: HTTPAnswer
        do throws(ToolError) {
            answer = try await HTTPExchange.run(
                request, to: address, limit: limit, seconds: timeout)
        } catch { throw ToolError(error.code, "\(url): \(error.detail)") }
        guard answer.status == 200 else {
            throw ToolError(
                .targetRefused, "\(url): status \(answer.status)\(TargetClient.reason(answer))")
        }
        return answer.body
    }

    /// The target's own words: `sice.error/1`. Quoted, so that they cannot drive the reader's terminal.
    private static func reason(_ answer: HTTPAnswer) -> String {
        // The target must not choose whom we talk to next.
        if let location = answer.location { return ": it sends to \(location), which is not followed" }
        do throws(ToolError) {
            let refusal = try Refusal(answer.body)
            let words = "\(refusal.code): \(refusal.message)"
            return ": \(JSON.string(String(words.prefix(1000))).line)"
        } catch { return "" }
    }
}

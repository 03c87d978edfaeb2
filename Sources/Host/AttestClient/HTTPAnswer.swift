public import Diagnostics
internal import SICEABI

/// An answer, taken apart while it comes: at most `limit` bytes of it are held, and a word that announces more, or bytes in a
/// coding that would become more, ends it at once.
public struct HTTPAnswer: Sendable {
    private enum Phase: Equatable {
        case head
        /// So many bytes follow.
        case counted(Int)
        case untilTheEnd
        case chunkSize
        case chunk(Int)
        case chunkEnd
        case trailer
        case complete
    }

    public private(set) var status = 0
    public private(set) var body: [UInt8] = []
    /// Where a redirection leads, which nobody follows.
    public private(set) var location: String?

    private let limit: Int
    private var phase = Phase.head
    private var fields = AnswerHead()
    /// A line that has not ended.
    private var line: [UInt8] = []
    /// Bytes of lines so far: heads, interim ones too, and trailers.
    private var lineBytes = 0

    private static let lineLimit = 1 << 16

    /// - Parameter limit: bytes of the body.
    public init(limit: Int) { self.limit = limit }

    public var isComplete: Bool { phase == .complete }

    /// How far it came, for a message.
    var progress: String {
        phase == .head ? "no answer yet" : "\(body.count) bytes of the answer have come"
    }

    /// Takes what came next; what follows a complete answer is left alone. Throws `targetUnusable`.
    public mutating func append(_ bytes: ArraySlice<UInt8>) throws(ToolError) {
        var rest = bytes
        while !rest.isEmpty, !isComplete {
            switch phase {
            case .counted(let count):
                let left = try appendBody(&rest, count)
                phase = left == 0 ? .complete : .counted(left)
            case .chunk(let count):
                let left = try appendBody(&rest, count)
                phase = left == 0 ? .chunkEnd : .chunk(left)
            case .untilTheEnd: _ = try appendBody(&rest, .max)
            case .complete: return
            default:
                guard let line = try takeLine(&rest) else { return }
                try append(line: line)
            }
        }
    }

    /// The target closed the connection. Throws `targetUnreachable` when something is missing.
    public mutating func finish() throws(ToolError) {
        guard !isComplete, phase != .untilTheEnd else {
            phase = .complete
            return
        }
        throw ToolError(
            .targetUnreachable, status == 0 ? "it closed the connection" : "it broke off: \(progress)")
    }

    static func fault(_ reason: String) -> ToolError { ToolError(.targetUnusable, reason) }

    /// Adds up to `count` bytes to the body; gives how many are left to come.
    private mutating func appendBody(_ rest: inout ArraySlice<UInt8>, _ count: Int) throws(ToolError) -> Int {
        let piece = rest.prefix(count)
        try require(body.count + piece.count)
        body.append(contentsOf: piece)
        rest = rest.dropFirst(piece.count)
        return count - piece.count
    }

    private func require(_ count: Int) throws(ToolError) {
        guard count <= limit else { throw Self.fault("it is longer than \(limit) bytes") }
    }

    /// A whole line without its end; nil until it is there.
    private mutating func takeLine(_ rest: inout ArraySlice<UInt8>) throws(ToolError) -> String? {
        let piece = rest.prefix { $0 != UInt8(ascii: "\n") }
        lineBytes += piece.count + 1
        guard lineBytes <= Self.lineLimit else { throw Self.fault("its head does not end") }
        line += piece
        rest = rest.dropFirst(piece.count)
        guard rest.popFirst() != nil else { return nil }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        defer { line = [] }
        return String(decoding: line, as: UTF8.self)
    }

    private mutating func append(line: String) throws(ToolError) {
        switch phase {
        case .head:
            guard line.isEmpty, fields.hasBegun else { return try fields.append(line) }
            try endHead()
        case .chunkSize:
            // Each chunk has one; they need no memory, and the deadline ends them.
            lineBytes = 0
            let count = try Self.chunkSize(line)
            try require(body.count + min(count, limit + 1))
            phase = count == 0 ? .trailer : .chunk(count)
        case .chunkEnd:
            guard line.isEmpty else { throw Self.fault("a chunk is longer than it said") }
            phase = .chunkSize
        default: if line.isEmpty { phase = .complete }
        }
    }

    private mutating func endHead() throws(ToolError) {
        status = fields.status
        // Interim answers: the real one follows.
        guard status >= 200 else {
            fields = AnswerHead()
            status = 0
            return
        }
        location = fields.location
        switch try fields.framing() {
        case .none: phase = .complete
        case .chunked: phase = .chunkSize
        case .untilTheEnd: phase = .untilTheEnd
        case .counted(let count):
            try require(count)
            phase = count == 0 ? .complete : .counted(count)
        }
        // Once, so that a growing array does not hold twice as much.
        let size = if case .counted(let count) = phase { count } else { limit }
        body.reserveCapacity(size)
    }

    private static func chunkSize(_ line: String) throws(ToolError) -> Int {
        let digits = line.prefix { $0 != ";" }.trimmingBlanks
        guard !digits.isEmpty, digits.allSatisfy(\.isHexDigit), let count = Int(digits, radix: 16) else {
            throw fault("a chunk does not say its size")
        }
        return count
    }
}

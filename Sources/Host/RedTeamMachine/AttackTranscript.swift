public import Diagnostics
internal import Foundation
internal import SICEABI
internal import StrictJSON

/// What the attacker said in one boot (Tests/ProbeHost, `AttackLines`).
public struct AttackTranscript: Equatable, Sendable {
    /// What an attack says of itself.
    public struct Answer: Equatable, Sendable {
        public let isBroken: Bool
        /// Things that it tried.
        public let executions: UInt64
        /// What it saw first that may not be, `-` for nothing, and a number that says more.
        public let detail: String
    }

    public private(set) var rows: [AttackRow] = []
    /// Identifiers of attacks that were begun, in order.
    public private(set) var attempts: [String] = []
    public private(set) var answers: [String: Answer] = [:]
    /// The report key's point, and a report that it signed; empty when there was none.
    public private(set) var key: [UInt8] = []
    public private(set) var report: [UInt8] = []
    /// Whether the attacker came to its end.
    public private(set) var isComplete = false
    /// How often somebody else reset the machine meanwhile.
    var interruptions = 0

    /// Reads the lines. A last line that does not end was cut off by the machine's end and is dropped. Throws
    /// `targetRefused` for a line that no attacker writes.
    public init(_ text: String) throws(ToolError) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        lines.removeLast()
        for line in lines {
            guard read(line) else { throw ToolError(.targetRefused, "the attacker's line \"\(line)\"") }
        }
    }

    private mutating func read(_ line: Substring) -> Bool {
        let fields = line.split(separator: " ", maxSplits: 7).map(String.init)
        switch (fields.first, fields.count) {
        case ("row", 8):
            guard let aftermath = AttackRow.Aftermath(rawValue: fields[5]),
                fields[6] == "-" || UInt8(fields[6]) != nil
            else { return false }
            rows.append(
                AttackRow(
                    identifier: fields[1], group: fields[2], name: fields[3], threat: fields[4],
                    aftermath: aftermath, excuse: UInt8(fields[6]).flatMap(PostureClaim.init(rawValue:)),
                    success: fields[7]))
        case ("attempt", 2): attempts.append(fields[1])
        case ("attack", 8): return readAnswer(fields)
        case ("key", 2): return readBytes(fields[1], into: &key)
        case ("report", 2): return readBytes(fields[1], into: &report)
        case ("end", 1): isComplete = true
        default: return false
        }
        return true
    }

    private mutating func readAnswer(_ fields: [String]) -> Bool {
        // The attempt's line comes first: an answer without one is somebody else's.
        guard attempts.last == fields[1], answers[fields[1]] == nil, ["held", "broken"].contains(fields[4]),
            let executions = UInt64(fields[5])
        else { return false }
        let detail = fields[6] == "-" ? "-" : "\(fields[6]) \(fields[7])"
        guard !detail.contains("  ") else { return false }
        answers[fields[1]] = Answer(
            isBroken: fields[4] == "broken", executions: executions, detail: detail)
        return true
    }

    private func readBytes(_ text: String, into bytes: inout [UInt8]) -> Bool {
        guard bytes.isEmpty, let value = Hex.decode(text) else { return false }
        bytes = value
        return true
    }
}

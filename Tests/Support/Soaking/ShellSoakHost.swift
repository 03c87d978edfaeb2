internal import Diagnostics
internal import EvidenceFormat
internal import SICEABI
internal import StrictJSON

/// A legacy host behind a shell, of which each command takes one line.
public struct ShellSoakHost: SoakHost {
    /// Runs a line and returns what it wrote, both streams.
    private let run: (String) throws -> String
    private let folder: String

    /// - Parameter folder: the host's, for files. Nothing in its path needs to be quoted.
    public init(folder: String = "/tmp", _ run: @escaping (String) throws -> String) {
        self.folder = folder
        self.run = run
    }

    public func perform(_ command: SoakCommand?) throws -> SoakObservation {
        try Self.observation(run(line(command)))
    }

    /// A command, and a look at what is there, with marks between.
    private func line(_ command: SoakCommand?) -> String {
        "{ \(command.map(shell) ?? "true"); } </dev/null 2>&1; echo \"\(Mark.status)$?\"; "
            + "sice list --format json; echo '\(Mark.list)'; sice info --format json; echo '\(Mark.info)'"
    }

    private enum Mark {
        static let status = "soak: status "
        static let list = "soak: listed"
        static let info = "soak: informed"
    }

    private func shell(_ command: SoakCommand) -> String {
        let sice = "sice " + command.words.joined(separator: " ")
        return switch command {
        case .serve(let identifier): serve(sice, identifier)
        case .call(_, let input):
            // An answer of before must not be taken for this one.
            "rm -f \(folder)/soak.answer; printf \(input) | \(sice) --input - --output \(folder)/soak.answer && "
                + "od -An -v -tx1 \(folder)/soak.answer | tr -d ' '"
        default: sice
        }
    }

    /// Returns once the guest has its server, which may take a while on a machine that is busy with others.
    private func serve(_ sice: String, _ identifier: UInt32) -> String {
        let socket = "/run/sice/control-\(identifier)"
        return "(\(sice) >\(folder)/soak.served 2>&1 &); for i in $(seq 600); do [ -S \(socket) ] && break; "
            + "sleep 0.1; done; [ -S \(socket) ] || { cat \(folder)/soak.served; false; }"
    }

    /// Reads what such a line wrote. Throws `targetRefused`.
    private static func observation(_ text: String) throws(ToolError) -> SoakObservation {
        var rest = Substring(text)
        let output = try part(&rest, upTo: Mark.status)
        guard let status = Int(try part(&rest, upTo: "\n")) else { throw unreadable(text) }
        let list = try EnvironmentListing(Array(part(&rest, upTo: Mark.list).utf8))
        var info = try JSONFields(
            document: Array(part(&rest, upTo: Mark.info).utf8), schema: "sice.info/1", context: "sice info",
            errors: JSONFields.Errors(.targetRefused))
        guard let free = UInt64(exactly: try info.integer("free_pages")) else { throw unreadable(text) }
        return SoakObservation(
            status: status, output: output, environments: list.environments, freePages: free)
    }

    /// Takes the text before a mark, without its last line's end, and the mark.
    private static func part(_ rest: inout Substring, upTo mark: String) throws(ToolError) -> String {
        guard let found = rest.firstRange(of: mark) else { throw unreadable(String(rest)) }
        let part = rest[..<found.lowerBound]
        rest = rest[found.upperBound...]
        return String(part.last == "\n" ? part.dropLast() : part)
    }

    private static func unreadable(_ text: String) -> ToolError { ToolError(.targetRefused, "host: \(text)") }
}

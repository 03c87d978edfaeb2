internal import ArgumentParser
internal import Diagnostics
internal import EvidenceFormat
internal import LegacyHost
internal import ManagerAccess
internal import ServiceAPI
internal import StrictJSON

/// `sice list`
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the isolated environments.",
        discussion: """
            Example: sice list --format json
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: "How to print: text, or json with a schema field.")
    var format: Format = .text

    @OptionGroup var way: Way

    func run() throws {
        if let daemon = try way.daemon() {
            let text = try daemon.ask("GET", "/v1/environments?format=\(format.rawValue)")
            return try StandardStreams.write(text)
        }
        let records = try HostSession.run { client throws(ToolError) in try client.environments() }
        switch format {
        case .text: for line in EnvironmentList.lines(records) { try StandardStreams.result(line) }
        case .json: try StandardStreams.write(Array(EnvironmentList.listing(records).json.text.utf8))
        }
    }
}

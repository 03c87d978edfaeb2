internal import ArgumentParser
internal import Diagnostics
internal import LegacyHost
internal import ManagerAccess
internal import ServiceAPI
internal import StrictJSON

/// `sice info`
struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what the security manager says of itself.",
        discussion: """
            Example: sice info --format json
            Pages are those of its pool, 4 KiB each; a free one can be given to an environment.
            """)

    @Option(help: "How to print: text, or json with a schema field.")
    var format: List.Format = .text

    @OptionGroup var way: Way

    func run() throws {
        if let daemon = try way.daemon() {
            return try StandardStreams.write(daemon.ask("GET", "/v1/info?format=\(format.rawValue)"))
        }
        let info = try HostSession.run { client throws(ToolError) in try client.info() }
        switch format {
        case .text: for line in ManagerDescription.lines(info) { try StandardStreams.result(line) }
        case .json: try StandardStreams.write(Array(ManagerDescription.json(info).text.utf8))
        }
    }
}

internal import ArgumentParser
internal import Diagnostics
internal import SICEABI

/// `sice serve`, which was this tool's and is a program of its own.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say where the service is: `siced`.",
        discussion: """
            Example: sice serve --port 8080 names `siced --port 8080`, and starts nothing.
            """)

    @Argument(parsing: .allUnrecognized, help: "What `siced` takes.")
    var options: [String] = []

    func run() throws { throw ToolError(.serveIsADaemon, "siced \(options.joined(separator: " "))") }
}

internal import ArgumentParser
internal import Benchmarks
internal import CommandEnd
internal import Diagnostics
internal import Foundation

/// The developer's tool: what things cost, whether they keep working, and edits of QEMU. The scripts of `tools` and `ci`
/// start it; one file of this folder per command.
@main
struct SICEBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sice-bench",
        abstract: "Measure what the project's parts cost, and try them again and again.",
        discussion: "Exit status: 0 done, 1 a soak found something, 64 usage, 69 what could not be measured.",
        version: ToolVersion.current,
        subcommands: [Costs.self, EditSource.self, LinuxCosts.self, ProfileCommand.self, SoakDemo.self])

    static func main() {
        StandardStreams.hold()
        do {
            var command = try parseAsRoot(SystemName.arguments)
            try command.run()
        } catch let error as BenchmarkError {
            for line in error.message.split(whereSeparator: \.isNewline) {
                StandardStreams.message("bench: \(line)")
            }
            Foundation.exit(error.exitStatus)
        } catch { end(with: error) }
    }
}

/// How tables are printed.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// The option of every command that prints one.
struct TableOptions: ParsableArguments {
    @Option(help: "How to print the table: text, or json with an object a line.")
    var format: TableFormat = .text

    /// Throws `outputFailed`.
    func print(text: @autoclosure () -> [String], json: @autoclosure () -> [String]) throws(ToolError) {
        for line in format == .text ? text() : json() { try StandardStreams.result(line) }
    }
}

internal import ArgumentParser
internal import Diagnostics
internal import StrictJSON

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// The option of every command that prints a result.
struct OutputOptions: ParsableArguments {
    @Option(help: "How to print the result: text, or json with a schema field.")
    var format: OutputFormat = .text

    /// Prints one or the other.
    func print(text: [String], json: JSON) {
        switch format {
        case .text: for line in text { StandardStreams.result(line) }
        case .json: Swift.print(json.text, terminator: "")
        }
    }
}

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

    /// Prints one or the other. Throws `outputFailed`.
    ///
    /// - Parameter path: where the command wrote its data, see ``StandardStreams/result(_:beside:)``.
    func print(text: [String], json: JSON, beside path: String? = nil) throws(ToolError) {
        switch format {
        case .text: for line in text { try StandardStreams.result(line, beside: path) }
        case .json: try StandardStreams.result(String(json.text.dropLast()), beside: path)
        }
    }
}

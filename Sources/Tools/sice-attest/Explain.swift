internal import ArgumentParser
internal import Diagnostics
internal import SICEABI
internal import StrictJSON

/// `sice-attest explain SICE-E0123`
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what an error means and what to do about it.",
        discussion: "Example: sice-attest explain SICE-E0818")

    @Argument(help: "The error's name or number; without it, every row of the table.")
    var error: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let rows = try error.map { [try Explain.row($0)] } ?? ErrorCode.allCases
        try output.print(
            text: rows.flatMap(Explain.text),
            json: .object(["schema": .string("sice.errors/1"), "errors": .array(rows.map(Explain.json))]))
    }

    private static func row(_ name: String) throws(ToolError) -> ErrorCode {
        guard let code = ErrorCode(name: name) else {
            throw ToolError(.usage, "no error is called \(name); they look like SICE-E0818")
        }
        return code
    }

    private static func text(_ code: ErrorCode) -> [String] {
        let row = code.description
        return ["\(code.name): \(row.summary)", "  \(row.remedy) (exit status \(row.exitStatus))"]
    }

    private static func json(_ code: ErrorCode) -> JSON {
        let row = code.description
        return .object([
            "name": .string(code.name), "summary": .string("\(row.summary)"),
            "remedy": .string("\(row.remedy)"), "exit_status": .integer(Int64(row.exitStatus)),
        ])
    }
}

internal import ArgumentParser
internal import Diagnostics
internal import SICEABI

/// `sice-attest explain SICE-E0123`
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what an error means and what to do about it.",
        discussion: "Example: sice-attest explain SICE-E0818")

    @Argument(help: "The error's name or number; without it, every row of the table.")
    var error: String?

    func run() throws {
        guard let error else {
            for code in ErrorCode.allCases { Explain.show(code) }
            return
        }
        guard let code = ErrorCode(name: error) else {
            throw ToolError(.usage, "no error is called \(error); they look like SICE-E0818")
        }
        Explain.show(code)
    }

    private static func show(_ code: ErrorCode) {
        let row = code.description
        StandardStreams.result("\(code.name): \(row.summary)")
        StandardStreams.result("  \(row.remedy) (exit status \(row.exitStatus))")
    }
}

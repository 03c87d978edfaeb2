public import ArgumentParser
internal import Diagnostics
internal import Glibc

extension ParsableCommand {
    /// Ends the program as what a command threw prescribes: a ``Diagnostics/ToolError`` with its message and exit status, help
    /// and the like on standard output, wrong usage on standard error. Help that cannot be written is a failure, too.
    public static func end(with error: any Error) -> Never {
        do throws(ToolError) { Glibc.exit(try report(error)) } catch {
            StandardStreams.message(error.message)
            Glibc.exit(error.exitStatus)
        }
    }

    private static func report(_ error: any Error) throws(ToolError) -> Int32 {
        if let error = error as? ToolError { throw error }
        let status = exitCode(for: error)
        let text = fullMessage(for: error)
        if status == .validationFailure { throw ToolError.usage(parserSays: text) }
        if text.isEmpty { return status.rawValue }
        if status.isSuccess { try StandardStreams.result(text) } else { StandardStreams.message(text) }
        return status.rawValue
    }
}

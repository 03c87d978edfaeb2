internal import ArgumentParser
internal import AttestClient
internal import Diagnostics

/// `--url` and `--timeout`: of every command that asks a machine.
struct TargetOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: """
            Where `siced` of the machine answers: http://HOST[:PORT], an IPv6 address in brackets. Nothing else is asked: \
            no proxy, and no place that an answer sends to.
            """)
    var url: String

    @Option(
        parsing: .unconditional,
        help: "Seconds, 1 to 3600, that one request and its whole answer may take, however it comes.")
    var timeout = Int(TargetClient.standardTimeout)

    func validate() throws {
        guard (1...3600).contains(timeout) else { throw ValidationError("--timeout takes 1 to 3600 seconds") }
    }

    /// Throws `usage`.
    var client: TargetClient {
        get throws(ToolError) { try TargetClient(url: url, timeout: Double(timeout)) }
    }
}

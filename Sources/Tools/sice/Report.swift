internal import ArgumentParser
internal import Diagnostics
internal import LegacyHost
internal import ManagerClient
internal import SICEABI
internal import StrictJSON

/// `sice report`
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the manager's signed report about an environment.",
        discussion: """
            Example: sice report 257 --nonce $(openssl rand -hex 32) --output report.cose
            A report alone does not say who signed it; `sice serve` gives it together with the TPM's quote.
            """)

    @Argument(help: "The environment's id.")
    var environment: UInt32

    @Option(parsing: .unconditional, help: "The challenge: 64 hexadecimal digits.")
    var nonce: String

    @Option(help: "Where the report goes; - is standard output.")
    var output: String

    func run() throws {
        guard let challenge = Hex.decode(nonce.lowercased()), challenge.count == ABI.nonceSize else {
            throw ToolError(.invalidArgument, "--nonce must be \(2 * ABI.nonceSize) hexadecimal digits")
        }
        let report = try HostSession.run { client throws(ToolError) in
            try client.report(environment, nonce: challenge)
        }
        try OutputFile.write(report, to: output)
    }
}

internal import ArgumentParser
internal import Diagnostics
internal import LegacyHost
internal import ManagerAccess
internal import SICEABI
internal import StrictJSON

/// `sice report`
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the manager's signed report about an environment.",
        discussion: """
            Example: sice report 257 --nonce $(openssl rand -hex 32) --output report.cose
            A report alone does not say who signed it; `siced` gives it together with the TPM's quote.
            """)

    @Argument(help: "The environment's id.")
    var environment: UInt32

    @Option(parsing: .unconditional, help: "The challenge: 64 hexadecimal digits.")
    var nonce: String

    @Option(help: "Where the report goes; - is standard output.")
    var output: String

    @OptionGroup var way: Way

    func run() throws {
        guard let challenge = Hex.decode(nonce.lowercased()), challenge.count == ABI.nonceSize else {
            throw ToolError(.invalidArgument, "--nonce must be \(2 * ABI.nonceSize) hexadecimal digits")
        }
        try OutputFile.write(try report(challenge), to: output)
    }

    private func report(_ challenge: [UInt8]) throws(ToolError) -> [UInt8] {
        if let daemon = try way.daemon() {
            let nonce = Hex.encode(challenge)
            return try daemon.ask("GET", "/v1/report?environment=\(environment)&nonce=\(nonce)")
        }
        return try HostSession.run { client throws(ToolError) in
            try client.report(environment, nonce: challenge)
        }
    }
}

internal import Appraisal
internal import ArgumentParser
internal import AttestClient
internal import Diagnostics
internal import EvidenceFormat
internal import SICEABI
internal import StrictJSON

/// `sice-attest enroll`
struct Enroll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Learn a machine's attestation key and make its TPM prove that it holds it.",
        discussion: """
            Example: sice-attest enroll --url http://127.0.0.1:8080 --ek-ca swtpm-ca.pem --out enrollment.json
            The endorsement certificate must chain to a certificate of the CA file, be one that endorses a TPM's key \
            (TCG EK Credential Profile), and certify the key that the TPM shows; the TPM must decrypt a secret that \
            is bound to both of its keys. That takes two requests.
            """)

    @OptionGroup var target: TargetOptions

    @Option(help: "PEM certificates of the TPM's manufacturer.")
    var ekCa: String

    @Option(help: "The enrollment record to write.")
    var out: String

    func run() async throws {
        let client = try target.client
        let authorities = try InputFile.read(ekCa, limit: 1 << 20, tooLarge: .enrollmentUnreadable)
        StandardStreams.progress("asking the TPM of \(target.url) to prove its keys")
        let enrollment = try await Enroller(authorities: authorities).enroll(client)
        try OutputFile.write(Array(enrollment.json.text.utf8), to: out)
        try StandardStreams.result("\(out): enrolled", beside: out)
    }
}

internal import ArgumentParser
internal import AttestClient
internal import Diagnostics
internal import Evidence
internal import EvidenceFormat
internal import SICEABI
internal import StrictJSON

/// `sice-attest collect`
struct Collect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Challenge a machine and keep its evidence.",
        discussion: """
            Example: sice-attest collect --url http://127.0.0.1:8080 --environment 1 --out evidence.json
            The nonce is fresh each time and is kept beside the evidence (evidence.json.challenge): pass that file to \
            verify, never one that came from the machine. Both are replaced, or neither.
            """)

    @OptionGroup var target: TargetOptions

    @Option(parsing: .unconditional, help: "Id of the environment.")
    var environment: UInt32

    @Option(help: "The evidence bundle to write.")
    var out: String

    @Option(help: "Where to keep the challenge (default: the evidence file's name with .challenge).")
    var challenge: String?

    @Option(parsing: .unconditional, help: "A nonce of your own: 32 bytes in hexadecimal.")
    var nonce: String?

    func validate() throws {
        guard challenge != nil || OutputFile.isFile(out) else {
            throw ValidationError("--challenge is needed: \(out) is no file to keep it beside")
        }
        guard challenge != out else { throw ValidationError("--challenge and --out are the same file") }
    }

    func run() async throws {
        let challenge = try nonce.map(Challenge.init(hex:)) ?? Challenge()
        let client = try target.client
        StandardStreams.progress("asking \(target.url) for evidence of environment \(environment)")
        let query = "nonce=\(Hex.encode(challenge.nonce))&environment=\(environment)"
        let answer = try await client.get(
            "/v1/evidence?\(query)", limit: EvidenceBundle.maximumSize)
        _ = try EvidenceBundle(answer, path: target.url)
        try keep(answer, challenge)
        try StandardStreams.result("\(out): \(answer.count) bytes of evidence", beside: out)
    }

    /// Both or neither: evidence verifies only with its own challenge.
    private func keep(_ answer: [UInt8], _ challenge: Challenge) throws(ToolError) {
        let evidence = try OutputFile(out)
        let question = try OutputFile(self.challenge ?? out + ".challenge")
        try question.write(Array(challenge.json.text.utf8))
        try evidence.write(answer)
        try OutputFile.commit(evidence, question)
    }
}

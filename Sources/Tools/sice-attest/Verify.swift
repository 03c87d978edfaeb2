internal import Appraisal
internal import ArgumentParser
internal import Diagnostics
internal import Evidence
internal import EvidenceFormat
internal import ImageBuilder
internal import Reference
internal import ReportFormat
internal import SICEABI
internal import StrictJSON

/// `sice-attest verify`: its exit status is the verdict.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Appraise evidence: every check, then the verdict.",
        discussion: """
            Example: sice-attest verify --evidence evidence.json --challenge evidence.json.challenge \
            --enrollment enrollment.json --reference reference.json --image signer.image --policy stand-in
            A policy is default, coreboot-qemu (for coreboot in QEMU), stand-in (for the stand-in ROM in QEMU) or a \
            file such as
              {"schema": "sice.policy/1", "name": "mine", "required": ["smramLocked", "measuredBoot"],
               "states": ["runnable"], "allow_debug": false}
            With --page the verdict is a page for people, too: affirmed, refused, or with checks that could not be made. \
            Evidence that is malformed has no verdict, and no page is written.
            Exit status: 0 affirmed, 1 refused, 2 not everything could be checked, 65 malformed, 66 missing input.
            """)

    @Option(help: "The evidence bundle.")
    var evidence: String

    @Option(help: "The machine's enrollment record.")
    var enrollment: String?

    @Option(help: "Reference values of the machine's ROM.")
    var reference: String?

    @Option(help: "An image that may run; repeat for more. Replaces those of the reference values.")
    var image: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: "A measurement that may run, in hexadecimal; repeat for more.")
    var measurement: [String] = []

    @Option(parsing: .unconditional, help: "The nonce that was sent, in hexadecimal.")
    var nonce: String?

    @Option(help: "The challenge that collect kept, instead of --nonce.")
    var challenge: String?

    @Option(help: "A public key (PEM, or the 65 bytes of a P-256 point) that the workload must vouch for.")
    var workloadKey: String?

    @Option(help: "What the machine must protect: default, coreboot-qemu, stand-in, or a file.")
    var policy = Policy.standard.name

    @OptionGroup var pageOption: PageOption
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if nonce != nil, challenge != nil { throw ValidationError("pass --nonce or --challenge, not both") }
    }

    func run() throws {
        try pageOption.requireOwnFile(beside: files.map { ($0.option, $0.path) })
        let expectations = try expectations()
        let parsed: UnverifiedEvidence
        let verdict: Verdict
        do throws(ToolError) {
            parsed = try UnverifiedEvidence(EvidenceBundle(readingFile: evidence))
            verdict = try Appraiser(parsed, expectations).verdict()
        } catch {
            // Evidence that does not parse gets no verdict, but a reader of the last line learns that, too.
            try output.print(
                text: VerdictOutput.text(error), json: VerdictOutput.json(error), beside: pageOption.page)
            throw error
        }
        // First, so that a verdict in the last line says that all outputs are there.
        try pageOption.write(verdict, parsed, expectations, inputs)
        try output.print(
            text: VerdictOutput.text(verdict, parsed.report.claims, expectations.policy),
            json: VerdictOutput.json(verdict, parsed.report.claims, expectations.policy),
            beside: pageOption.page)
        if verdict.outcome != .affirmed { throw ExitCode(verdict.outcome.exitStatus) }
    }

    private func expectations() throws(ToolError) -> Expectations {
        var expectations = Expectations(policy: try Policy(nameOrPath: policy))
        if let nonce { expectations.nonce = try Challenge(hex: nonce).nonce }
        if let path = challenge {
            expectations.nonce = try Challenge(
                InputFile.read(path, limit: 1 << 16, tooLarge: .invalidArgument), path: path
            ).nonce
        }
        if let path = enrollment {
            expectations.enrollment = try Enrollment(
                InputFile.read(path, limit: 1 << 20, tooLarge: .enrollmentUnreadable), path: path)
        }
        if let path = reference {
            expectations.reference = try ReferenceValues(
                InputFile.read(path, limit: 4 << 20, tooLarge: .referenceUnreadable), path: path)
        }
        let accepted = try measurements()
        if !accepted.isEmpty { expectations.measurements = accepted }
        if let path = workloadKey {
            expectations.workloadKey = try PublicKeyFile.point(
                InputFile.read(path, limit: 1 << 16), path: path)
        }
        return expectations
    }

    private func measurements() throws(ToolError) -> [[UInt8]] {
        var accepted: [[UInt8]] = []
        for text in measurement {
            guard let bytes = Hex.decode(text.lowercased()), bytes.count == ABI.digestSize else {
                throw ToolError(.usage, "a measurement is \(ABI.digestSize) bytes in hexadecimal")
            }
            accepted.append(bytes)
        }
        for path in image { accepted.append(try ImageSummary(readingFile: path).measurement) }
        return accepted
    }
}

extension EvidenceBundle {
    init(readingFile path: String) throws(ToolError) {
        try self.init(
            InputFile.read(path, limit: EvidenceBundle.maximumSize, tooLarge: .evidenceUnreadable), path: path
        )
    }
}

internal import ArgumentParser
internal import Diagnostics
internal import Evidence
internal import EvidenceFormat
internal import Foundation
internal import SICEABI

/// `sice-attest export`
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a bundle apart into files for tpm2_checkquote, tpm2_eventlog and openssl.",
        discussion: """
            Example: sice-attest export --evidence evidence.json --out parts && cd parts
              tpm2_checkquote -u attestation-key.pem -m quote.msg -s quote.sig -g sha256 \
            -q $(cat qualifying-data.hex) -f quote.pcrs -F values -l sha256:0,2,4,5
              tpm2_eventlog event.log
              openssl dgst -sha256 -verify report-key.pem -signature report.signature.der report.signed-bytes
            """)

    @Option(help: "The evidence bundle.")
    var evidence: String

    @Option(help: "The directory to write; it is made if need be.")
    var out: String

    func validate() throws {
        guard out != "-" else { throw ValidationError("--out takes a directory") }
    }

    func run() throws {
        try SystemName.requireText(out, otherwise: .outputFailed)
        let parts = try RawFiles(EvidenceBundle(readingFile: evidence))
        do {
            try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        } catch { throw ToolError(.outputFailed, "\(out): \(error.localizedDescription)") }
        for (name, content) in parts.files {
            try OutputFile.write(content, to: "\(out)/\(name)")
            try StandardStreams.result("\(out)/\(name)")
        }
    }
}

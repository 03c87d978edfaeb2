public import Diagnostics
public import EvidenceFormat
internal import OpenSSLCrypto
internal import ReportFormat
internal import StrictJSON

/// A bundle as separate files that other programs read: `tpm2_checkquote`, `tpm2_eventlog`, `openssl`.
public struct RawFiles: Sendable {
    /// Name and content.
    public let files: [(name: String, content: [UInt8])]

    /// Throws what ``UnverifiedEvidence/init(_:)`` throws, since keys and signatures are converted.
    public init(_ bundle: EvidenceBundle) throws(ToolError) {
        let report = try SignedReport(bundle.report)
        let qualifyingData = QuoteBinding.qualifyingData(nonce: bundle.nonce, report: bundle.report)
        let attestationKey = try AttestationKey(bundle.attestationKey)
        files = [
            ("report.cose", bundle.report),
            ("report.signed-bytes", report.signedBytes),
            (
                "report.signature.der",
                DER.ecdsaSignature(r: Array(report.signature[..<32]), s: Array(report.signature[32...]))
            ),
            ("report-key.pem", RawFiles.pem(bundle.reportKey)),
            ("attestation-key.tss", bundle.attestationKey),
            ("attestation-key.pem", RawFiles.pem(attestationKey.point)),
            ("quote.msg", bundle.quote),
            ("quote.sig", bundle.quoteSignature),
            ("quote.pcrs", bundle.pcrs.flatMap { $0 }),
            ("qualifying-data.hex", Array(Hex.encode(qualifyingData).utf8)),
            ("nonce.hex", Array(Hex.encode(bundle.nonce).utf8)),
            ("event.log", bundle.eventLog),
            ("runtime.log", bundle.runtimeLog),
        ]
    }

    private static func pem(_ point: [UInt8]) -> [UInt8] {
        Array(PEM.encode(DER.subjectPublicKeyInfo(p256Point: point), label: "PUBLIC KEY").utf8)
    }
}

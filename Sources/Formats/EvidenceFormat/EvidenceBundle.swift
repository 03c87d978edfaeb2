public import Diagnostics
internal import SICEABI
public import StrictJSON

/// The parts of an answer to a challenge, as bytes; nothing about them is known yet. Schema `sice.evidence/1`.
public struct EvidenceBundle: Equatable, Sendable {
    public static let schema = "sice.evidence/1"
    /// PCRs that the quote covers.
    public static let quotedPCRs: [Int] = {
        let pcrs = BootMeasurement.quotedPCRs
        return pcrs.indices.map { Int(pcrs[$0]) }
    }()
    /// The same as TPM2_Quote takes them: bit n for PCR n.
    public static let quotedPCRMask = quotedPCRs.reduce(UInt32(0)) { $0 | 1 << UInt32($1) }
    /// Largest bundle that is read, in bytes.
    public static let maximumSize = 8 << 20

    /// The challenge that the target says it answers.
    public var nonce: [UInt8]
    /// COSE_Sign1.
    public var report: [UInt8]
    /// Uncompressed P-256 point.
    public var reportKey: [UInt8]
    /// TPM2B_PUBLIC.
    public var attestationKey: [UInt8]
    /// TPMS_ATTEST.
    public var quote: [UInt8]
    /// TPMT_SIGNATURE.
    public var quoteSignature: [UInt8]
    /// Values of ``quotedPCRs``, in that order.
    public var pcrs: [[UInt8]]
    /// TCG event log.
    public var eventLog: [UInt8]
    /// Entries of the manager's run-time log.
    public var runtimeLog: [UInt8]
    /// Chain value before the first of them; zeros when the log is complete.
    public var runtimeLogBase: [UInt8]

    public init(
        nonce: [UInt8], report: [UInt8], reportKey: [UInt8], attestationKey: [UInt8], quote: [UInt8],
        quoteSignature: [UInt8], pcrs: [[UInt8]], eventLog: [UInt8], runtimeLog: [UInt8],
        runtimeLogBase: [UInt8] = [UInt8](repeating: 0, count: 32)
    ) {
        self.nonce = nonce
        self.report = report
        self.reportKey = reportKey
        self.attestationKey = attestationKey
        self.quote = quote
        self.quoteSignature = quoteSignature
        self.pcrs = pcrs
        self.eventLog = eventLog
        self.runtimeLog = runtimeLog
        self.runtimeLogBase = runtimeLogBase
    }

    /// Parses a bundle. Throws `evidenceUnreadable`, `evidenceTruncated`, `evidenceMissingPart`.
    public init(_ bytes: [UInt8], path: String) throws(ToolError) {
        let errors = JSONFields.Errors(
            unreadable: .evidenceUnreadable, unknownKey: .evidenceUnreadable,
            missingKey: .evidenceMissingPart,
            truncated: .evidenceTruncated)
        var fields = try JSONFields(
            document: bytes, schema: EvidenceBundle.schema, context: path, errors: errors)
        nonce = try fields.hex("nonce", count: ABI.nonceSize)
        report = try fields.base64("report")
        reportKey = try fields.base64("report_key")
        attestationKey = try fields.base64("attestation_key")
        quote = try fields.base64("quote")
        quoteSignature = try fields.base64("quote_signature")
        eventLog = try fields.base64("event_log")
        runtimeLog = try fields.base64("runtime_log")
        runtimeLogBase =
            try fields.has("runtime_log_base")
            ? fields.hex("runtime_log_base", count: ABI.digestSize)
            : [UInt8](repeating: 0, count: ABI.digestSize)
        var values = try JSONFields(try fields.value("pcrs"), context: "\(path): pcrs", errors: errors)
        pcrs = []
        for pcr in EvidenceBundle.quotedPCRs {
            pcrs.append(try values.hex(String(pcr), count: ABI.digestSize))
        }
        try values.finish()
        try fields.finish()
    }

    /// The bundle as JSON; without `runtime_log_base` where that is zeros.
    public var json: JSON {
        let values = zip(EvidenceBundle.quotedPCRs, pcrs).map {
            JSON.Member(String($0), .string(Hex.encode($1)))
        }
        return .object([
            "schema": .string(EvidenceBundle.schema), "nonce": .string(Hex.encode(nonce)),
            "report": .string(Base64.encode(report)), "report_key": .string(Base64.encode(reportKey)),
            "attestation_key": .string(Base64.encode(attestationKey)),
            "quote": .string(Base64.encode(quote)),
            "quote_signature": .string(Base64.encode(quoteSignature)), "pcrs": .object(values),
            "event_log": .string(Base64.encode(eventLog)),
            "runtime_log": .string(Base64.encode(runtimeLog)),
            "runtime_log_base": runtimeLogBase.allSatisfy { $0 == 0 }
                ? nil : .string(Hex.encode(runtimeLogBase)),
        ])
    }
}

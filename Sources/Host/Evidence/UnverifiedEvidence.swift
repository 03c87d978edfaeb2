public import Diagnostics
public import EvidenceFormat
public import ReportFormat
internal import SICEABI

/// A bundle whose parts parse. That says nothing about whether any of it is true: only an appraisal does.
public struct UnverifiedEvidence: Sendable {
    public let bundle: EvidenceBundle
    public let report: SignedReport
    /// Nil when the structure was not made by a TPM (`quoteMalformedMagic`); the appraisal then refuses.
    public let quote: Quote?
    public let attestationKey: AttestationKey
    public let bootLog: BootLog
    public let runtimeLog: RuntimeLog

    /// Takes all parts apart. Throws the error of the first one that is malformed.
    public init(_ bundle: EvidenceBundle) throws(ToolError) {
        self.bundle = bundle
        report = try SignedReport(bundle.report)
        do throws(ToolError) {
            quote = try Quote(bundle.quote)
        } catch {
            guard error.code == .quoteMalformedMagic else { throw error }
            quote = nil
        }
        attestationKey = try AttestationKey(bundle.attestationKey)
        bootLog = try BootLog(bundle.eventLog)
        runtimeLog = try RuntimeLog(bundle.runtimeLog, base: bundle.runtimeLogBase)
    }
}

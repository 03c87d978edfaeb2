internal import Diagnostics
internal import EvidenceFormat
internal import ManagerAccess
internal import SICEABI
internal import StrictJSON
internal import TPMAttestation

extension HostService {
    /// Answers a challenge: a report, a quote that is bound to it, and the logs that explain both.
    func evidence(_ request: HTTPRequest) throws(ToolError) -> JSON {
        // In either case, as `sice-attest verify` takes it; what it signs has one spelling.
        guard let text = request.query["nonce"], let nonce = Hex.decode(text.lowercased()),
            nonce.count == ABI.nonceSize
        else {
            throw ToolError(.invalidArgument, "the nonce must be \(2 * ABI.nonceSize) hexadecimal digits")
        }
        let identifier = try number(request, "environment")
        let statement = try backend.withManager { client throws(ToolError) in
            try client.statement(identifier, nonce: nonce)
        }
        var tpm = try backend.openTPM()
        let quote = try tpm.quote(
            qualifyingData: QuoteBinding.qualifyingData(nonce: nonce, report: statement.report),
            pcrMask: EvidenceBundle.quotedPCRMask)
        var pcrs: [[UInt8]] = []
        for pcr in EvidenceBundle.quotedPCRs { pcrs.append(try tpm.pcr(UInt32(pcr))) }
        return EvidenceBundle(
            nonce: nonce, report: statement.report, reportKey: statement.reportKey,
            attestationKey: quote.attestationKey, quote: quote.attest, quoteSignature: quote.signature,
            pcrs: pcrs, eventLog: try backend.eventLog(), runtimeLog: statement.log.entries,
            runtimeLogBase: statement.log.base
        ).json
    }
}

internal import Diagnostics
internal import ManagerClient
internal import SHA2
internal import SICEABI
internal import StrictJSON
internal import TPMAttestation

extension HostService {
    /// PCRs that the quote covers: firmware, configuration of it, code, keys.
    private static var quotedPCRs: [UInt32] { [0, 2, 4, 5] }

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
        let mask: UInt32 = Self.quotedPCRs.reduce(0) { $0 | 1 << $1 }
        let quote = try tpm.quote(
            qualifyingData: Self.qualifyingData(nonce: nonce, report: statement.report), pcrMask: mask)
        var pcrs: [JSON.Member] = []
        for pcr in Self.quotedPCRs {
            pcrs.append(JSON.Member(String(pcr), .string(Hex.encode(try tpm.pcr(pcr)))))
        }
        return .object([
            "schema": .string("sice.evidence/1"), "nonce": .string(Hex.encode(nonce)),
            "report": .string(Base64.encode(statement.report)),
            "report_key": .string(Base64.encode(statement.reportKey)),
            "attestation_key": .string(Base64.encode(quote.attestationKey)),
            "quote": .string(Base64.encode(quote.attest)),
            "quote_signature": .string(Base64.encode(quote.signature)), "pcrs": .object(pcrs),
            "event_log": .string(Base64.encode(try backend.eventLog())),
            "runtime_log": .string(Base64.encode(statement.log.entries)),
            "runtime_log_base": statement.log.base.allSatisfy { $0 == 0 }
                ? nil : .string(Hex.encode(statement.log.base)),
        ])
    }

    /// What the TPM signs together with its PCRs, so that quote and report cannot be mixed from two sessions.
    static func qualifyingData(nonce: [UInt8], report: [UInt8]) -> [UInt8] {
        let digest = SHA256.hash(report.span)
        let input = Array("SICE-QUOTE-1".utf8) + nonce + digest.indices.map { digest[$0] }
        let data = SHA256.hash(input.span)
        return data.indices.map { data[$0] }
    }
}

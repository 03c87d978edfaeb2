internal import Bytes
internal import Evidence
public import EvidenceFormat
internal import OpenSSLCrypto
internal import RedTeam
internal import ReportFormat
internal import SICEABI

extension Forge {
    /// The whole answer, signed.
    public func bundle() -> EvidenceBundle {
        let report = report()
        let pcrs = self.pcrs
        let quote = quote(
            qualifyingData: QuoteBinding.qualifyingData(nonce: nonce, report: report),
            pcrDigest: SHA256.hash(pcrs.flatMap { $0 }))
        let signature = attestationKey.sign(quote)
        return EvidenceBundle(
            nonce: nonce, report: report, reportKey: reportKey.point, attestationKey: attestationKeyArea,
            quote: quote,
            quoteSignature: [0x00, 0x18, 0x00, 0x0B] + sized(signature.r) + sized(signature.s), pcrs: pcrs,
            eventLog: eventLog, runtimeLog: runtimeEntries.flatMap(\.bytes), runtimeLogBase: runtimeLogBase)
    }

    /// TPM2B_PUBLIC.
    public var attestationKeyArea: [UInt8] {
        let point = attestationKey.point
        return sized(
            [0x00, 0x23, 0x00, 0x0B] + bigEndian(keyAttributes) + sized([]) + [0x00, 0x10]
                + [0x00, 0x18, 0x00, 0x0B, 0x00, 0x03, 0x00, 0x10] + sized(Array(point[1..<33]))
                + sized(Array(point[33...])))
    }

    public var pcrs: [[UInt8]] { EvidenceBundle.quotedPCRs.map { BootLog(events: events).replay(pcr: $0) } }

    /// TPMS_ATTEST.
    public func quote(qualifyingData: [UInt8], pcrDigest: [UInt8]) -> [UInt8] {
        bigEndian(quoteMagic) + [0x80, 0x18] + sized([0x00, 0x0B] + [UInt8](repeating: 0xAA, count: 32))
            + sized(qualifyingData) + bigEndian(UInt64(1234)) + bigEndian(UInt32(7)) + bigEndian(UInt32(0))
            + [1]
            + bigEndian(UInt64(0x2020)) + bigEndian(UInt32(1)) + [0x00, 0x0B, 3] + quoteSelection
            + sized(pcrDigest)
    }

    public var logHeader: [UInt8] { BootLog(events: []).header }

    public var eventLog: [UInt8] {
        do { return try BootLog(events: events).bytes } catch {
            preconditionFailure("a digest has no 32 bytes")
        }
    }

    /// COSE_Sign1.
    public func report() -> [UInt8] {
        do {
            var envelope = ReportEnvelope(
                keyIdentifier: SHA256.hash(reportKey.point),
                payload: try claims.payload(without: omittedClaims, and: unknownClaims), signature: [])
            let signature = reportKey.sign(try envelope.signedBytes)
            envelope.signature = signature.r + signature.s
            return try envelope.bytes
        } catch { preconditionFailure("the report has no room") }
    }
}

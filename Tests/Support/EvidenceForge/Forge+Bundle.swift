internal import ByteIO
internal import Bytes
internal import CBOR
internal import Crypto
internal import EventLog
public import Evidence
internal import RedTeam
internal import SICEABI

extension Forge {
    /// The whole answer, signed.
    public func bundle() -> EvidenceBundle {
        let report = report()
        let pcrs = self.pcrs
        let quote = quote(
            qualifyingData: Quote.qualifyingData(nonce: nonce, report: report),
            pcrDigest: SHA256.hash(pcrs.flatMap { $0 }))
        let signature = attestationKey.sign(quote)
        return EvidenceBundle(
            nonce: nonce, report: report, reportKey: reportKey.point, attestationKey: attestationKeyArea,
            quote: quote,
            quoteSignature: [0x00, 0x18, 0x00, 0x0B] + sized(signature.r) + sized(signature.s), pcrs: pcrs,
            eventLog: eventLog, runtimeLog: runtimeEntries.flatMap { $0 }, runtimeLogBase: runtimeLogBase)
    }

    /// TPM2B_PUBLIC.
    public var attestationKeyArea: [UInt8] {
        let point = attestationKey.point
        return sized(
            [0x00, 0x23, 0x00, 0x0B] + bigEndian(keyAttributes) + sized([]) + [0x00, 0x10]
                + [0x00, 0x18, 0x00, 0x0B, 0x00, 0x03, 0x00, 0x10] + sized(Array(point[1..<33]))
                + sized(Array(point[33...])))
    }

    public var pcrs: [[UInt8]] {
        EvidenceBundle.quotedPCRs.map { pcr in
            events.filter { $0.pcr == UInt32(pcr) }.reduce([UInt8](repeating: 0, count: 32)) {
                SHA256.extend($0, with: $1.digest)
            }
        }
    }

    /// TPMS_ATTEST.
    public func quote(qualifyingData: [UInt8], pcrDigest: [UInt8]) -> [UInt8] {
        bigEndian(quoteMagic) + [0x80, 0x18] + sized([0x00, 0x0B] + [UInt8](repeating: 0xAA, count: 32))
            + sized(qualifyingData) + bigEndian(UInt64(1234)) + bigEndian(UInt32(7)) + bigEndian(UInt32(0))
            + [1]
            + bigEndian(UInt64(0x2020)) + bigEndian(UInt32(1)) + [0x00, 0x0B, 3] + quoteSelection
            + sized(pcrDigest)
    }

    public var logHeader: [UInt8] { Array(log([])) }
    public var eventLog: [UInt8] { log(events) }

    private func log(_ events: [BootLog.Event]) -> [UInt8] {
        var area = [UInt8](repeating: 0, count: 64 << 10)
        do {
            var writer = try EventLogWriter(beginning: area.mutableSpan)
            for event in events {
                try writer.append(
                    pcr: event.pcr, type: event.type, digest: event.digest.span, data: event.data.span)
            }
            let count = writer.count
            return Array(area[..<count])
        } catch { preconditionFailure("the log has no room") }
    }

    /// COSE_Sign1.
    public func report() -> [UInt8] {
        let payload = encode { (encoder: inout CBOREncoder) throws(ByteError) in try encodeClaims(&encoder) }
        let signed = encode { (encoder: inout CBOREncoder) throws(ByteError) in
            try encoder.encodeArrayHead(count: 4)
            try encoder.encode(text: Array("Signature1".utf8).span)
            try encoder.encode(bytes: [0xA1, 0x01, 0x26].span)
            try encoder.encode(bytes: [UInt8]().span)
            try encoder.encode(bytes: payload.span)
        }
        let signature = reportKey.sign(signed)
        return encode { (encoder: inout CBOREncoder) throws(ByteError) in
            try encoder.encode(tag: 18)
            try encoder.encodeArrayHead(count: 4)
            try encoder.encode(bytes: [0xA1, 0x01, 0x26].span)
            try encoder.encodeMapHead(count: 1)
            try encoder.encode(unsigned: 4)
            try encoder.encode(bytes: SHA256.hash(reportKey.point).span)
            try encoder.encode(bytes: payload.span)
            try encoder.encode(bytes: (signature.r + signature.s).span)
        }
    }

    func encode(_ body: (inout CBOREncoder) throws(ByteError) -> Void) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count: Int
        do throws(ByteError) {
            var encoder = CBOREncoder(bytes.mutableSpan)
            try body(&encoder)
            count = encoder.count
        } catch { preconditionFailure("the report has no room") }
        return Array(bytes[..<count])
    }
}

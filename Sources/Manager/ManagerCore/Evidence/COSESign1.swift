import ByteIO
import CBOR
import SICEABI

/// The signed envelope of a report: COSE_Sign1 with ES256 (RFC 9052 §4.2, RFC 9053 §2.1).
enum COSESign1 {
    /// Hashes the Sig_structure over `payload`: the array of context, protected header, empty external data and
    /// payload.
    static func digest(
        of payload: Span<UInt8>, into digest: inout MutableSpan<UInt8>,
        machine: inout some DigestMachine & ~Copyable
    ) throws(ByteError) {
        var prefix = InlineArray<32, UInt8>(repeating: 0)
        let length = try encodePrefix(payloadCount: payload.count, into: &prefix)
        machine.beginDigest(.scratch)
        machine.updateDigest(.scratch, with: prefix.span.extracting(0..<length))
        machine.updateDigest(.scratch, with: payload)
        machine.finishDigest(.scratch, into: &digest)
    }

    /// The Sig_structure up to the payload's bytes.
    private static func encodePrefix(
        payloadCount: Int, into bytes: inout InlineArray<32, UInt8>
    ) throws(ByteError) -> Int {
        var encoder = CBOREncoder(bytes.mutableSpan)
        let context = ReportEnvelopeFormat.context
        let header = ReportEnvelopeFormat.protectedHeader
        try encoder.encodeArrayHead(count: 4)
        try encoder.encode(text: context.span)
        try encoder.encode(bytes: header.span)
        try encoder.encodeBytesHead(count: 0)
        try encoder.encodeBytesHead(count: payloadCount)
        return encoder.count
    }

    /// Writes the whole message.
    @_lifetime(encoder: copy encoder)
    static func encode(
        payload: Span<UInt8>, keyIdentifier: Span<UInt8>, signature: Span<UInt8>,
        into encoder: inout CBOREncoder
    ) throws(ByteError) {
        let header = ReportEnvelopeFormat.protectedHeader
        try encoder.encode(tag: ReportEnvelopeFormat.tag)
        try encoder.encodeArrayHead(count: 4)
        try encoder.encode(bytes: header.span)
        try encoder.encodeMapHead(count: 1)
        try encoder.encode(signed: ReportEnvelopeFormat.keyIdentifierLabel)
        try encoder.encode(bytes: keyIdentifier)
        try encoder.encode(bytes: payload)
        try encoder.encode(bytes: signature)
    }
}

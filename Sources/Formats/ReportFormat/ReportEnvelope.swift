internal import ByteIO
internal import Bytes
public import CBOR
internal import SICEABI

/// A report as its parts: COSE_Sign1 (RFC 9052, 4.2) with ES256, as ``SICEABI/ReportEnvelopeFormat`` has it. Neither
/// the signature nor any claim is checked by taking it apart, so that also the host, which only carries reports, can
/// find its way in one.
public struct ReportEnvelope: Equatable, Sendable {
    /// SHA-256 of the report key's point, as the report says; its length is not checked.
    public var keyIdentifier: [UInt8]
    /// The claims map.
    public var payload: [UInt8]
    /// r ‖ s; its length is not checked.
    public var signature: [UInt8]

    private static var protectedHeader: [UInt8] {
        let header = ReportEnvelopeFormat.protectedHeader
        return [UInt8](header.span)
    }

    public init(keyIdentifier: [UInt8], payload: [UInt8], signature: [UInt8]) {
        self.keyIdentifier = keyIdentifier
        self.payload = payload
        self.signature = signature
    }

    /// Takes a report apart. Throws `wrongType` also for another header.
    public init(_ bytes: [UInt8]) throws(CBORError) {
        var decoder = CBORDecoder(bytes.span)
        guard try decoder.readTag() == ReportEnvelopeFormat.tag, try decoder.readArray() == 4,
            [UInt8](try decoder.readBytes()) == Self.protectedHeader, try decoder.readMap() == 1,
            try decoder.readInteger() == ReportEnvelopeFormat.keyIdentifierLabel
        else { throw .wrongType }
        keyIdentifier = [UInt8](try decoder.readBytes())
        payload = [UInt8](try decoder.readBytes())
        signature = [UInt8](try decoder.readBytes())
        try decoder.finish()
    }

    /// The report. Throws `noRoom` never: the room is made for the parts.
    public var bytes: [UInt8] {
        get throws(ByteError) {
            let room = keyIdentifier.count + payload.count + signature.count + 64
            return try encoded(room: room) { (encoder: inout CBOREncoder) throws(ByteError) in
                try encoder.encode(tag: ReportEnvelopeFormat.tag)
                try encoder.encodeArrayHead(count: 4)
                try encoder.encode(bytes: Self.protectedHeader.span)
                try encoder.encodeMapHead(count: 1)
                try encoder.encode(signed: ReportEnvelopeFormat.keyIdentifierLabel)
                try encoder.encode(bytes: keyIdentifier.span)
                try encoder.encode(bytes: payload.span)
                try encoder.encode(bytes: signature.span)
            }
        }
    }

    /// Sig_structure, the bytes that the signature covers: `["Signature1", protected, h'', payload]`. Throws `noRoom`
    /// never.
    public var signedBytes: [UInt8] {
        get throws(ByteError) {
            let context = ReportEnvelopeFormat.context
            return try encoded(room: payload.count + 64) { (encoder: inout CBOREncoder) throws(ByteError) in
                try encoder.encodeArrayHead(count: 4)
                try encoder.encode(text: context.span)
                try encoder.encode(bytes: Self.protectedHeader.span)
                try encoder.encodeBytesHead(count: 0)
                try encoder.encode(bytes: payload.span)
            }
        }
    }

    /// How many entries the run-time log had when the report was signed. Other claims are stepped over, also those
    /// that are not known here. Throws `wrongType` when the report does not say.
    public var logCount: UInt64 {
        get throws(CBORError) {
            var decoder = CBORDecoder(payload.span)
            for _ in 0..<(try decoder.readMap()) {
                guard try decoder.readInteger() == ReportClaim.logCount.rawValue else {
                    try decoder.skip()
                    continue
                }
                guard let count = UInt64(exactly: try decoder.readInteger()) else { throw .outOfRange }
                return count
            }
            throw .wrongType
        }
    }
}

/// What a body writes into so many bytes. Throws `noRoom`.
func encoded(
    room: Int, _ body: (inout CBOREncoder) throws(ByteError) -> Void
) throws(ByteError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: room)
    var encoder = CBOREncoder(bytes.mutableSpan)
    try body(&encoder)
    let count = encoder.count
    bytes.removeLast(bytes.count - count)
    return bytes
}

internal import Bytes
public import CBOR
internal import SICEABI

/// A report as its parts: COSE_Sign1 (RFC 9052, 4.2) with ES256. Neither the signature nor any claim is checked by
/// taking it apart, so that also the host, which only carries reports, can find its way in one.
public struct ReportEnvelope: Equatable, Sendable {
    /// `{1: -7}`: the algorithm is ES256 and nothing else is said.
    public static let protectedHeader: [UInt8] = [0xA1, 0x01, 0x26]
    private static let tag: UInt64 = 18
    private static let keyIdentifierLabel: Int64 = 4

    /// SHA-256 of the report key's point, as the report says; its length is not checked.
    public let keyIdentifier: [UInt8]
    /// The claims map.
    public let payload: [UInt8]
    /// r ‖ s; its length is not checked.
    public let signature: [UInt8]

    /// Takes a report apart. Throws `wrongType` also for another header.
    public init(_ bytes: [UInt8]) throws(CBORError) {
        var decoder = CBORDecoder(bytes.span)
        guard try decoder.readTag() == Self.tag, try decoder.readArray() == 4,
            [UInt8](try decoder.readBytes()) == Self.protectedHeader, try decoder.readMap() == 1,
            try decoder.readInteger() == Self.keyIdentifierLabel
        else { throw .wrongType }
        keyIdentifier = [UInt8](try decoder.readBytes())
        payload = [UInt8](try decoder.readBytes())
        signature = [UInt8](try decoder.readBytes())
        try decoder.finish()
    }

    /// How many entries the run-time log had when the report was signed. Other claims are stepped over, also those
    /// that are not known here. Throws `wrongType` when the report does not say.
    public var logCount: UInt64 {
        get throws(CBORError) {
            var decoder = CBORDecoder(payload.span)
            for _ in 0..<(try decoder.readMap()) {
                guard try decoder.readInteger() == ReportClaim.logCount else {
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

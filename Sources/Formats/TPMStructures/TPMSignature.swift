internal import TPM2

/// TPMT_SIGNATURE of ECDSA with SHA-256 (Part 2, 11.3.4).
public struct TPMSignature: ~Escapable {
    /// Big-endian integers, at most 32 bytes each.
    public let r: Span<UInt8>
    public let s: Span<UInt8>

    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>) throws(TPMStructureError) {
        var reader = TPMReader(bytes)
        try reader.expect(TPMAlgorithm.ecdsa)
        try reader.expect(TPMAlgorithm.sha256)
        r = try reader.readSized()
        s = try reader.readSized()
        guard r.count <= 32, s.count <= 32 else { throw .unsupported }
        try reader.finish()
    }
}

internal import TPM2

/// TPMS_ATTEST with a TPMS_QUOTE_INFO (TPM 2.0 Library, Part 2, 10.12.12): what a quote's signature covers.
public struct TPMQuote: ~Escapable {
    /// TPM_GENERATED_VALUE: a restricted key signs no bytes from outside that start so.
    public static var generatedValue: UInt32 { 0xFF54_4347 }

    /// Name of the signing key and its parents.
    public let qualifiedSigner: Span<UInt8>
    /// The caller's qualifying data.
    public let extraData: Span<UInt8>
    /// Milliseconds that the TPM has been powered.
    public let clock: UInt64
    /// TPM resets so far: another boot has another number.
    public let resetCount: UInt32
    public let firmwareVersion: UInt64
    /// Bit N: PCR N of the SHA-256 bank is covered.
    public let selection: UInt32
    /// Digest of the selected PCRs, in rising order.
    public let pcrDigest: Span<UInt8>

    /// Parses exactly one structure. Only a single SHA-256 selection of PCR 0 to 23 is accepted.
    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>) throws(TPMStructureError) {
        var reader = TPMReader(bytes)
        guard try reader.read(UInt32.self) == TPMQuote.generatedValue,
            try reader.read(UInt16.self) == TPMTag.attestQuote
        else { throw .wrongMagicOrType }
        qualifiedSigner = try reader.readSized()
        extraData = try reader.readSized()
        clock = try reader.read(UInt64.self)
        resetCount = try reader.read(UInt32.self)
        _ = try reader.read(UInt32.self)  // restartCount
        _ = try reader.read(UInt8.self)  // safe
        firmwareVersion = try reader.read(UInt64.self)
        try reader.expect(UInt32(1))
        try reader.expect(TPMAlgorithm.sha256)
        try reader.expect(UInt8(3))
        var bits: UInt32 = 0
        for index in 0..<3 { bits |= UInt32(try reader.read(UInt8.self)) << UInt32(8 * index) }
        selection = bits
        pcrDigest = try reader.readSized()
        try reader.finish()
    }
}

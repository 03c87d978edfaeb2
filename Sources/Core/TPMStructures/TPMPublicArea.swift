internal import TPM2

/// TPM2B_PUBLIC of an RSA or P-256 key whose name algorithm is SHA-256 (Part 2, 12.2.4 and 12.2.5).
public struct TPMPublicArea: ~Escapable {
    /// The marshalled TPMT_PUBLIC. The key's Name is 0x000B ‖ SHA-256 of these bytes (Part 1, 16).
    public let marshalled: Span<UInt8>
    /// Bits of ``TPMObjectAttributes``.
    public let attributes: UInt32
    /// Digest of the policy that `adminWithPolicy` demands.
    public let policy: Span<UInt8>
    public let kind: Kind
    /// Whether the key signs with ECDSA and SHA-256, and nothing else.
    public let isECDSAWithSHA256: Bool
    /// RSA modulus, or the X coordinate; big-endian.
    public let first: Span<UInt8>
    /// The Y coordinate; empty for RSA.
    public let second: Span<UInt8>

    /// What kind of key it is.
    public enum Kind: Equatable, Sendable {
        case rsa(bits: UInt16, exponent: UInt32)
        case p256
    }

    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>) throws(TPMStructureError) {
        var sized = TPMReader(bytes)
        marshalled = try sized.readSized()
        try sized.finish()
        var reader = TPMReader(marshalled)
        let type = try reader.read(UInt16.self)
        try reader.expect(TPMAlgorithm.sha256)
        attributes = try reader.read(UInt32.self)
        policy = try reader.readSized()
        try TPMPublicArea.skipSymmetric(&reader)
        isECDSAWithSHA256 = try TPMPublicArea.readScheme(&reader)
        kind = try TPMPublicArea.readKind(type, &reader)
        first = try reader.readSized()
        second = kind == .p256 ? try reader.readSized() : first.extracting(0..<0)
        guard kind != .p256 || (first.count <= 32 && second.count <= 32) else { throw .unsupported }
        try reader.finish()
    }

    /// TPMT_SYM_DEF_OBJECT: none, or AES-128 in CFB mode.
    private static func skipSymmetric(_ reader: inout TPMReader) throws(TPMStructureError) {
        let algorithm = try reader.read(UInt16.self)
        if algorithm == TPMAlgorithm.null { return }
        guard algorithm == TPMAlgorithm.aes else { throw .unsupported }
        try reader.expect(UInt16(128))
        try reader.expect(TPMAlgorithm.cfb)
    }

    /// TPMT_ASYM_SCHEME: none, or a scheme with its hash.
    private static func readScheme(_ reader: inout TPMReader) throws(TPMStructureError) -> Bool {
        let scheme = try reader.read(UInt16.self)
        if scheme == TPMAlgorithm.null { return false }
        let hash = try reader.read(UInt16.self)
        return scheme == TPMAlgorithm.ecdsa && hash == TPMAlgorithm.sha256
    }

    private static func readKind(_ type: UInt16, _ reader: inout TPMReader) throws(TPMStructureError) -> Kind
    {
        switch type {
        case TPMAlgorithm.rsa:
            let bits = try reader.read(UInt16.self)
            let exponent = try reader.read(UInt32.self)
            // 0 stands for the default exponent (Part 2, 12.2.3.5).
            return .rsa(bits: bits, exponent: exponent == 0 ? 65537 : exponent)
        case TPMAlgorithm.ecc:
            try reader.expect(TPMAlgorithm.curveP256)
            try reader.expect(TPMAlgorithm.null)  // no key derivation
            return .p256
        default: throw .unsupported
        }
    }
}

/// TPMA_OBJECT (Part 2, 8.3).
public enum TPMObjectAttributes {
    /// The key cannot leave its TPM.
    public static let fixedTPM: UInt32 = 1 << 1
    public static let fixedParent: UInt32 = 1 << 4
    /// The TPM made the secret part.
    public static let sensitiveDataOrigin: UInt32 = 1 << 5
    public static let userWithAuth: UInt32 = 1 << 6
    public static let adminWithPolicy: UInt32 = 1 << 7
    /// Signs or decrypts only what the TPM itself made.
    public static let restricted: UInt32 = 1 << 16
    public static let decrypt: UInt32 = 1 << 17
    public static let sign: UInt32 = 1 << 18
}

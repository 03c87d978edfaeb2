internal import TPM2

/// TPM2B_PUBLIC of an RSA, P-256 or P-384 key whose name algorithm is SHA-256 or SHA-384 (Part 2, 12.2.4 and
/// 12.2.5).
public struct TPMPublicArea: ~Escapable {
    /// The marshalled TPMT_PUBLIC. The key's Name is the name algorithm's number ‖ its hash of these bytes
    /// (Part 1, 16).
    public let marshalled: Span<UInt8>
    public let nameAlgorithm: NameAlgorithm
    /// Bits of ``TPMObjectAttributes``.
    public let attributes: UInt32
    /// Digest of the policy that `adminWithPolicy` demands.
    public let policy: Span<UInt8>
    public let kind: Kind
    /// Bits of the AES key that guards what the key is a parent of; 0 when it is a parent of nothing.
    public let cipherKeyBits: UInt16
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
        case p384
    }

    public enum NameAlgorithm: Equatable, Sendable {
        case sha256
        case sha384
    }

    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>) throws(TPMStructureError) {
        var sized = TPMReader(bytes)
        marshalled = try sized.readSized()
        try sized.finish()
        var reader = TPMReader(marshalled)
        let type = try reader.read(UInt16.self)
        nameAlgorithm = try TPMPublicArea.readNameAlgorithm(&reader)
        attributes = try reader.read(UInt32.self)
        policy = try reader.readSized()
        cipherKeyBits = try TPMPublicArea.readSymmetric(&reader)
        isECDSAWithSHA256 = try TPMPublicArea.readScheme(&reader)
        kind = try TPMPublicArea.readKind(type, &reader)
        first = try reader.readSized()
        let coordinateSize = TPMPublicArea.coordinateSize(kind)
        second = coordinateSize != nil ? try reader.readSized() : first.extracting(0..<0)
        if let coordinateSize {
            guard first.count <= coordinateSize, second.count <= coordinateSize else { throw .unsupported }
        }
        try reader.finish()
    }

    private static func readNameAlgorithm(
        _ reader: inout TPMReader
    ) throws(TPMStructureError) -> NameAlgorithm {
        switch try reader.read(UInt16.self) {
        case TPMAlgorithm.sha256: .sha256
        case TPMAlgorithm.sha384: .sha384
        default: throw .unsupported
        }
    }

    /// TPMT_SYM_DEF_OBJECT: none, or AES-128 or AES-256 in CFB mode.
    private static func readSymmetric(_ reader: inout TPMReader) throws(TPMStructureError) -> UInt16 {
        let algorithm = try reader.read(UInt16.self)
        if algorithm == TPMAlgorithm.null { return 0 }
        guard algorithm == TPMAlgorithm.aes else { throw .unsupported }
        let bits = try reader.read(UInt16.self)
        guard bits == 128 || bits == 256 else { throw .unsupported }
        try reader.expect(TPMAlgorithm.cfb)
        return bits
    }

    /// Bytes of a coordinate; nil for a key without.
    private static func coordinateSize(_ kind: Kind) -> Int? {
        switch kind {
        case .rsa: nil
        case .p256: 32
        case .p384: 48
        }
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
            let curve = try reader.read(UInt16.self)
            guard curve == TPMAlgorithm.curveP256 || curve == TPMAlgorithm.curveP384 else {
                throw .unsupported
            }
            try reader.expect(TPMAlgorithm.null)  // no key derivation
            return curve == TPMAlgorithm.curveP256 ? .p256 : .p384
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
    /// A use without the right password does not count towards the TPM's lock-out.
    public static let noDictionaryAttackProtection: UInt32 = 1 << 10
    /// Signs or decrypts only what the TPM itself made.
    public static let restricted: UInt32 = 1 << 16
    public static let decrypt: UInt32 = 1 << 17
    public static let sign: UInt32 = 1 << 18
}

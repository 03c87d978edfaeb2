internal import Bytes
internal import TPM2

/// Endorsement keys that a TPM derives again from its endorsement seed, and where their certificates lie: the
/// templates of the TCG EK Credential Profile (2.3, B.3 and B.4) with a kind of key that enrollment accepts.
public enum EndorsementTemplate: CaseIterable, Sendable {
    /// L-1, the one that nearly every TPM has.
    case rsa2048
    /// L-2.
    case p256
    /// H-1.
    case rsa2048High
    /// H-2.
    case p256High
    /// H-3.
    case p384High
    /// H-6.
    case rsa3072High

    /// NV index of the certificate (2.2.1.4 and 2.2.1.5).
    public var certificateIndex: UInt32 {
        switch self {
        case .rsa2048: 0x01C0_0002
        case .p256: 0x01C0_000A
        case .rsa2048High: 0x01C0_0012
        case .p256High: 0x01C0_0014
        case .p384High: 0x01C0_0016
        case .rsa3072High: 0x01C0_001C
        }
    }

    /// Keys of the low range are used by a policy session, those of the high range by their empty password.
    var needsPolicySession: Bool { self == .rsa2048 || self == .p256 }

    /// TPM2B_PUBLIC (TPM 2.0 Library, Part 2, 12.2.4).
    public var publicArea: [UInt8] {
        let type = isRSA ? TPMAlgorithm.rsa : TPMAlgorithm.ecc
        let name = isLarge ? TPMAlgorithm.sha384 : TPMAlgorithm.sha256
        return sized(
            bigEndian(type) + bigEndian(name) + bigEndian(attributes) + sized(policy)
                + bigEndian(TPMAlgorithm.aes) + bigEndian(UInt16(isLarge ? 256 : 128))
                + bigEndian(TPMAlgorithm.cfb) + bigEndian(TPMAlgorithm.null) + parameters)
    }

    private var isRSA: Bool { self == .rsa2048 || self == .rsa2048High || self == .rsa3072High }
    private var isLarge: Bool { self == .p384High || self == .rsa3072High }

    /// fixedTPM, fixedParent, sensitiveDataOrigin, adminWithPolicy, restricted, decrypt; in the high range
    /// userWithAuth.
    private var attributes: UInt32 { needsPolicySession ? 0x0003_00B2 : 0x0003_00F2 }

    /// What differs by kind, and the buffer that the TPM fills: zeros in the low range, empty in the high
    /// one.
    private var parameters: [UInt8] {
        func unique(_ count: Int) -> [UInt8] {
            sized([UInt8](repeating: 0, count: needsPolicySession ? count : 0))
        }
        if isRSA {
            let bits: UInt16 = self == .rsa3072High ? 3072 : 2048
            return bigEndian(bits) + bigEndian(UInt32(0)) + unique(256)
        }
        let curve = isLarge ? TPMAlgorithm.curveP384 : TPMAlgorithm.curveP256
        return bigEndian(curve) + bigEndian(TPMAlgorithm.null) + unique(32) + unique(32)
    }

    private var policy: [UInt8] {
        if needsPolicySession { return Self.policyA }
        return isLarge ? Self.policyBWithSHA384 : Self.policyBWithSHA256
    }

    /// PolicySecret(TPM_RH_ENDORSEMENT) with SHA-256 (B.6.2).
    private static let policyA: [UInt8] = [
        0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xB3, 0xF8, 0x1A, 0x90, 0xCC, 0x8D, 0x46, 0xA5, 0xD7, 0x24,
        0xFD, 0x52, 0xD7, 0x6E, 0x06, 0x52, 0x0B, 0x64, 0xF2, 0xA1, 0xDA, 0x1B, 0x33, 0x14, 0x69, 0xAA,
    ]
    /// PolicyOR of PolicySecret and PolicyAuthorizeNV with SHA-256 (B.6.5).
    private static let policyBWithSHA256: [UInt8] = [
        0xCA, 0x3D, 0x0A, 0x99, 0xA2, 0xB9, 0x39, 0x06, 0xF7, 0xA3, 0x34, 0x24, 0x14, 0xEF, 0xCF, 0xB3,
        0xA3, 0x85, 0xD4, 0x4C, 0xD1, 0xFD, 0x45, 0x90, 0x89, 0xD1, 0x9B, 0x50, 0x71, 0xC0, 0xB7, 0xA0,
    ]
    /// The same with SHA-384.
    private static let policyBWithSHA384: [UInt8] = [
        0xB2, 0x6E, 0x7D, 0x28, 0xD1, 0x1A, 0x50, 0xBC, 0x53, 0xD8, 0x82, 0xBC, 0xF5, 0xFD, 0x3A, 0x1A,
        0x07, 0x41, 0x48, 0xBB, 0x35, 0xD3, 0xB4, 0xE4, 0xCB, 0x1C, 0x0A, 0xD9, 0xBD, 0xE4, 0x19, 0xCA,
        0xCB, 0x47, 0xBA, 0x09, 0x69, 0x96, 0x46, 0x15, 0x0F, 0x9F, 0xC0, 0x00, 0xF3, 0xF8, 0x0E, 0x12,
    ]
}

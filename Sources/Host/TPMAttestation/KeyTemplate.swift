internal import Bytes
internal import TPM2

/// Public areas (TPM2B_PUBLIC, TPM 2.0 Part 2 §12.2.4) from which a TPM derives the same key every time.
public enum KeyTemplate {
    /// The attestation key: ECC P-256, restricted, signs with ECDSA and SHA-256 only what the TPM itself made.
    public static var attestationKey: [UInt8] {
        let fixedTPM: UInt32 = 1 << 1
        let fixedParent: UInt32 = 1 << 4
        let sensitiveDataOrigin: UInt32 = 1 << 5
        let userWithAuth: UInt32 = 1 << 6
        let restricted: UInt32 = 1 << 16
        let sign: UInt32 = 1 << 18
        return sized(
            bigEndian(TPMAlgorithm.ecc) + bigEndian(TPMAlgorithm.sha256)
                + bigEndian(fixedTPM | fixedParent | sensitiveDataOrigin | userWithAuth | restricted | sign)
                + sized([])  // authPolicy
                + bigEndian(TPMAlgorithm.null)  // symmetric
                + bigEndian(TPMAlgorithm.ecdsa) + bigEndian(TPMAlgorithm.sha256)
                + bigEndian(TPMAlgorithm.curveP256) + bigEndian(TPMAlgorithm.null)  // kdf
                + sized([]) + sized([]))  // unique
    }

    /// The endorsement key: RSA 2048, template L-1 of the TCG EK Credential Profile (§B.3.3).
    public static var endorsementKey: [UInt8] {
        sized(
            bigEndian(TPMAlgorithm.rsa) + bigEndian(TPMAlgorithm.sha256) + bigEndian(UInt32(0x0003_00B2))
                + sized(endorsementPolicy)
                + bigEndian(TPMAlgorithm.aes) + bigEndian(UInt16(128)) + bigEndian(TPMAlgorithm.cfb)
                + bigEndian(TPMAlgorithm.null)  // scheme
                + bigEndian(UInt16(2048)) + bigEndian(UInt32(0))  // default exponent
                + sized([UInt8](repeating: 0, count: 256)))
    }

    /// NV index of the certificate for ``endorsementKey`` (EK Credential Profile §2.2.1.4).
    public static let endorsementCertificateIndex: UInt32 = 0x01C0_0002

    /// PolicySecret(TPM_RH_ENDORSEMENT) with SHA-256 (EK Credential Profile §B.6.2).
    private static let endorsementPolicy: [UInt8] = [
        0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xB3, 0xF8, 0x1A, 0x90, 0xCC, 0x8D, 0x46, 0xA5, 0xD7, 0x24,
        0xFD, 0x52, 0xD7, 0x6E, 0x06, 0x52, 0x0B, 0x64, 0xF2, 0xA1, 0xDA, 0x1B, 0x33, 0x14, 0x69, 0xAA,
    ]
}

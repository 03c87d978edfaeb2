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
        // Else a use of the key in a boot that a power cut ends counts as a wrong password, and a handful of these, or root's
        // own, lock it (Part 1 §19.8).
        let noDictionaryAttackProtection: UInt32 = 1 << 10
        let restricted: UInt32 = 1 << 16
        let sign: UInt32 = 1 << 18
        return sized(
            bigEndian(TPMAlgorithm.ecc) + bigEndian(TPMAlgorithm.sha256)
                + bigEndian(
                    fixedTPM | fixedParent | sensitiveDataOrigin | userWithAuth
                        | noDictionaryAttackProtection | restricted | sign)
                + sized([])  // authPolicy
                + bigEndian(TPMAlgorithm.null)  // symmetric
                + bigEndian(TPMAlgorithm.ecdsa) + bigEndian(TPMAlgorithm.sha256)
                + bigEndian(TPMAlgorithm.curveP256) + bigEndian(TPMAlgorithm.null)  // kdf
                + sized([]) + sized([]))  // unique
    }
}

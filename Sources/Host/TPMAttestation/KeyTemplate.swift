internal import Bytes
internal import TPM2
internal import TPMStructures

/// Public areas (TPM2B_PUBLIC, TPM 2.0 Part 2 §12.2.4) from which a TPM derives the same key every time.
public enum KeyTemplate {
    /// The attestation key: ECC P-256, restricted, signs with ECDSA and SHA-256 only what the TPM itself made.
    public static var attestationKey: [UInt8] {
        sized(
            bigEndian(TPMAlgorithm.ecc) + bigEndian(TPMAlgorithm.sha256)
                + bigEndian(AttestationKeyAttributes.made)
                + sized([])  // authPolicy
                + bigEndian(TPMAlgorithm.null)  // symmetric
                + bigEndian(TPMAlgorithm.ecdsa) + bigEndian(TPMAlgorithm.sha256)
                + bigEndian(TPMAlgorithm.curveP256) + bigEndian(TPMAlgorithm.null)  // kdf
                + sized([]) + sized([]))  // unique
    }
}

/// TPMA_OBJECT of attestation keys: what a verifier demands, and what machines ask their TPM for.
public enum AttestationKeyAttributes {
    /// Without one of these the key could sign what no TPM made, or somewhere else.
    public static let demanded =
        TPMObjectAttributes.fixedTPM | TPMObjectAttributes.fixedParent
        | TPMObjectAttributes.sensitiveDataOrigin | TPMObjectAttributes.restricted | TPMObjectAttributes.sign

    /// What the key is made with. A use of it in a boot that a power cut ends would count as a wrong password, and a
    /// handful of these, or root's own, would lock it (TPM 2.0 Library, Part 1, 19.8).
    public static let made =
        demanded | TPMObjectAttributes.userWithAuth | TPMObjectAttributes.noDictionaryAttackProtection

    /// Whether a verifier accepts a key with these attributes.
    public static func areAccepted(_ attributes: UInt32) -> Bool {
        attributes & demanded == demanded && attributes & TPMObjectAttributes.decrypt == 0
    }
}

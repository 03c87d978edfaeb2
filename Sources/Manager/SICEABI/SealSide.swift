/// RBX of the services that give sealing keys.
public enum SealOptions {
    /// Bits of the µPCRs that the key depends on; none: the key depends on no state of the target.
    public static let mask: UInt64 = 0xFF
}

/// The sealer or the target of a key, six words: what it is named by, with the security version in bits 32 to 63; the
/// author's product; 32 bytes.
public enum SealSide {
    /// A measurement: the words after it are 0, and the SHA-256 of the image.
    public static let measurement: UInt64 = 1
    /// An author: programs that it signed, of this product and this security version or a later one. The words after it are
    /// the product, and the SHA-256 of the author's public point.
    public static let author: UInt64 = 2
}

extension ErrorCode {
    /// E02xx: addresses that the host passes. No text for others.
    var hostMemoryText: ErrorDescription {
        switch self {
        case .addressInSMRAM:
            ErrorDescription(
                "A host address lies in SMRAM.",
                "Pass memory of the legacy host.", 65)
        case .addressWraps:
            ErrorDescription(
                "A host range wraps around the end of the address space.",
                "Pass a range that ends below 2^64.", 65)
        case .addressOutsideRAM:
            ErrorDescription(
                "A host range is not RAM as a whole.",
                "Pass addresses inside one range of the memory map.", 65)
        case .addressMisaligned:
            ErrorDescription(
                "A host address is not page-aligned.",
                "Align it to 4096 bytes.", 65)
        case .bufferTooSmall:
            ErrorDescription(
                "The output buffer is smaller than the answer.",
                "Pass a buffer of the documented size.", 65)
        default: .missing
        }
    }
}

/// Why bytes are not the TPM structure that was asked for.
public enum TPMStructureError: Error, Equatable, Sendable {
    /// The bytes end before the structure does.
    case truncated
    /// Bytes follow the structure.
    case trailingBytes
    /// The structure was not made by a TPM, or is of another kind than a quote.
    case wrongMagicOrType
    /// A field holds a value that is not accepted here.
    case unsupported
}

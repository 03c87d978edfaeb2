internal import Bytes
internal import SHA2

/// What binds a quote to one challenge and one report, so that neither can be taken from another session.
public enum QuoteBinding {
    /// The qualifying data that the TPM signs together with its PCRs:
    /// SHA-256("SICE-QUOTE-1" ‖ nonce ‖ SHA-256(report)).
    public static func qualifyingData(nonce: [UInt8], report: [UInt8]) -> [UInt8] {
        hash(Array("SICE-QUOTE-1".utf8) + nonce + hash(report))
    }

    private static func hash(_ bytes: [UInt8]) -> [UInt8] {
        let digest = SHA256.hash(bytes.span)
        return [UInt8](digest.span)
    }
}

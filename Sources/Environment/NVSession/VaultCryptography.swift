public import SICEABI
public import SealedData

/// What the vault needs beside the cipher of sealed data.
public protocol VaultCryptography: SealedDataCipher {
    /// SHA-256.
    func hash(_ bytes: Span<UInt8>) -> InlineArray<32, UInt8>
    /// 32 bytes that nobody can foretell. Throws `noEntropy`.
    mutating func random() throws(ErrorCode) -> InlineArray<32, UInt8>
    /// What TPM2_NV_Extend makes of the contents of an index (Part 3 §31.9): the rule by which the head of a history moves.
    func extended(_ head: InlineArray<32, UInt8>, by digest: InlineArray<32, UInt8>) -> InlineArray<32, UInt8>
}

extension VaultCryptography {
    public func extended(
        _ head: InlineArray<32, UInt8>, by digest: InlineArray<32, UInt8>
    ) -> InlineArray<32, UInt8> {
        let both = InlineArray<64, UInt8> { $0 < 32 ? head[$0] : digest[$0 - 32] }
        return hash(both.span)
    }
}

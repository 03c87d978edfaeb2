internal import NVSession
public import SICEABI
internal import SealedData

extension Vault {
    /// An environment moves its state on. It counts when it is settled; all that come before ``seal(in:)`` are settled as one.
    ///
    /// Throws `vaultNotReady`, `stateTableFull`, and `stateConflict` when `old` is not what the register holds: somebody else of
    /// the same name moved on meanwhile.
    public mutating func commit(
        _ key: StateKey, from old: InlineArray<32, UInt8>, to new: InlineArray<32, UInt8>
    ) throws(ErrorCode) {
        guard phase == .open else { throw .vaultNotReady }
        guard staged.register(of: key).value.isEqual(to: old) else { throw .stateConflict }
        try staged.set(new, of: key)
    }

    /// Forgets the state of an environment that will not come again. Throws `vaultNotReady`. Whether there was one.
    public mutating func forget(_ key: StateKey) throws(ErrorCode) -> Bool {
        guard phase == .open else { throw .vaultNotReady }
        return staged.forget(key)
    }

    /// Bytes of a sealed table.
    public static var blobSize: Int { SealedTable.size }

    /// The next table, for the host to store beside the present one, which it keeps until the commit is settled.
    /// Throws `vaultNotReady` also when there is nothing to commit, `noEntropy`, `bufferTooSmall`.
    public mutating func seal(in blob: inout MutableSpan<UInt8>) throws(ErrorCode) {
        guard phase == .open, isChanged else { throw .vaultNotReady }
        var following = staged
        following.follow(head)
        try SealedTable.seal(following, identity, &cryptography, in: &blob)
        digest = cryptography.hash(blob.span.extracting(0..<SealedTable.size))
        next = cryptography.extended(head, by: digest)
        (staged, phase) = (following, .pending)
    }
}

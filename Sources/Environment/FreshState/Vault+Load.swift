internal import NVSession
public import SICEABI
internal import SealedData

/// What the vault makes of a table that the host offers.
public enum TableVerdict: Equatable, Sendable {
    /// It is the present one, and taken.
    case current
    /// It goes on from the present head, but was never committed: power went, or the answer. Nobody was told that it was
    /// committed, so it may be forgotten; or ``Vault/settle(in:)`` does it now.
    case pending
}

extension Vault {
    /// A table as the host had stored it. Throws `vaultNotReady`, `sealedDataMalformed` and `sealedDataRefused`, and `stateStale`
    /// for one that is neither the present one nor follows it; another may be offered then.
    public mutating func offer(_ blob: Span<UInt8>) throws(ErrorCode) -> TableVerdict {
        guard sent == nil, phase == .looking || phase == .offered else { throw .vaultNotReady }
        let offered = try SealedTable.open(blob, identity, cryptography)
        let hash = cryptography.hash(blob)
        let after = cryptography.extended(offered.previous, by: hash)
        if after.isEqual(to: head) {
            (table, staged, phase) = (offered, offered, .open)
            return .current
        }
        guard offered.previous.isEqual(to: head) else { throw .stateStale }
        (staged, digest, next, phase) = (offered, hash, after, .offered)
        return .pending
    }

    /// Begins with an empty table. Throws `vaultNotReady`, and `stateLost` where there was one already.
    public mutating func begin() throws(ErrorCode) {
        guard sent == nil, phase == .looking else { throw .vaultNotReady }
        let zeros = InlineArray<32, UInt8>(repeating: 0)
        // As the first boot leaves it. A later head tells of a table that the host must have.
        guard head.isEqual(to: cryptography.extended(zeros, by: zeros)) else { throw .stateLost }
        (table, staged, phase) = (StateTable(), StateTable(), .open)
    }
}

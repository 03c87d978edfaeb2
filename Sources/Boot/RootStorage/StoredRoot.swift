/// What a boot found, or made, in the TPM's NV storage. Whoever has it erases it when it was handed over.
public struct StoredRoot {
    /// The root of all keys that outlive a reset.
    public let root: InlineArray<32, UInt8>
    /// Authorization value of the TPM's indices that go with it.
    public let authValue: InlineArray<32, UInt8>
    /// Which of the ``RootIndexSet``s it is in.
    public let set: Int
    /// It was made in this boot, so nobody can have known it before. Any other may have been put there by firmware
    /// that ran on this machine before: it is ours only if it is the one that was seen when it was fresh.
    public internal(set) var isFresh = false
    /// The history of fresh state is gone or not ours. It must never be begun again under the same authorization
    /// value, or old heads could be made to come back; sealing without freshness goes on.
    public let isHistoryLost: Bool

    init(_ contents: InlineArray<64, UInt8>, set: Int, isHistoryLost: Bool) {
        var halves = (InlineArray<32, UInt8>(repeating: 0), InlineArray<32, UInt8>(repeating: 0))
        for index in 0..<32 {
            halves.0[index] = contents[index]
            halves.1[index] = contents[index + 32]
        }
        (root, authValue) = halves
        self.set = set
        self.isHistoryLost = isHistoryLost
    }
}

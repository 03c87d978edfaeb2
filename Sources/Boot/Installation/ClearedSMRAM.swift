/// Proof that SMRAM was cleared: what the last boot left there must not reach this one's environments. Making it is
/// most of an installation's work, and needs nothing else to be known yet.
public struct ClearedSMRAM: ~Copyable {
    let base: UInt64
    let size: UInt64

    /// Clears `size` bytes at `base`, both multiples of 4096.
    public init<Memory: SMRAMMemory & ~Copyable>(base: UInt64, size: UInt64, in memory: inout Memory) {
        memory.clear(from: base, count: size)
        (self.base, self.size) = (base, size)
    }
}

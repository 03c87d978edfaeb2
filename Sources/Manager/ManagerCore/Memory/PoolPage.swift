import SICEABI

/// A page of the SMRAM pool. Holding one proves that its index lies inside the pool: only the pool makes them.
public struct PoolPage: Equatable, Sendable {
    /// 0…pool pages − 1; the physical address is the pool's base + index × 4096.
    public let index: UInt32

    /// Physical address, for page-table entries.
    func address(poolBase: UInt64) -> UInt64 { poolBase &+ UInt64(index) &* ABI.pageSize }
}

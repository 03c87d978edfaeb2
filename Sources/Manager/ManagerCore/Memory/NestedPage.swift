import SICEABI

/// One page of an environment's memory: which one it sees where, and what it may do with it.
struct NestedPage {
    /// Of a page of the pool, or out of a ``HostRange``.
    let physicalAddress: UInt64
    let guestAddress: UInt64
    /// Bits of ``Permissions``.
    let permissions: UInt32
    /// The environment's: only private memory of a Linux guest may be writable and executable.
    let kind: ImageKind
}

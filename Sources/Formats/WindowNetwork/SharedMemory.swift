/// A window that two parties use at the same time, neither of which trusts the other.
///
/// Only single words are read through this; the bytes of packets are copied once, by whoever moves them (a system call),
/// between the place that the ring gives and memory of its own.
public protocol SharedMemory {
    /// Bytes. Nothing at or beyond it is ever named.
    var size: Int { get }
    /// The little-endian word at an offset that 4 divides. Nothing after it is read before it (acquire).
    func load(_ offset: Int) -> UInt32
    /// Writes a word. Everything written before can be seen by who sees it (release).
    func store(_ value: UInt32, at offset: Int)
    /// What was written before can be seen before anything is read after.
    func fence()
}

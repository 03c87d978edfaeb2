/// Physical memory while SMRAM is still open. The payload gives the machine's; tests give an array.
///
/// Addresses are physical and inside TSEG; words are aligned to eight bytes.
public protocol SMRAMMemory: ~Copyable {
    /// Fills `count` bytes (a multiple of 4096) with zeros.
    mutating func clear(from address: UInt64, count: UInt64)
    /// Stores bytes.
    mutating func store(_ bytes: Span<UInt8>, at address: UInt64)
    /// Stores a 64-bit word, least significant byte first.
    mutating func storeWord(_ value: UInt64, at address: UInt64)
    /// Reads a 64-bit word.
    func word(at address: UInt64) -> UInt64
}

/// The memory of a machine that does not run any more, by physical address. Whoever wrote it may have been an attacker: every
/// byte of it is input.
public protocol PhysicalMemory {
    /// First address after RAM below 4 GiB, where TSEG ends.
    var lowEnd: UInt64 { get }
    /// `count` bytes from a physical address on. Throws where not all of them are memory.
    func read(_ count: Int, at address: UInt64) throws(OutsideMemory) -> [UInt8]
}

/// There is no memory at an address.
public struct OutsideMemory: Error, Equatable, Sendable {
    public let address: UInt64

    public init(_ address: UInt64) { self.address = address }
}

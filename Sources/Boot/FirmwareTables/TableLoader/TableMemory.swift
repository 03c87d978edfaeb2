/// Where a table-loader script wants a file.
public enum TableZone: UInt8, Sendable {
    /// Anywhere below 4 GiB.
    case high = 1
    /// In 0xF0000…0xFFFFF, where an OS looks for anchors.
    case fSegment = 2
}

/// What the table loader needs of the machine: files by name, memory to place them in.
public protocol TableMemory {
    /// Places the named file (56 bytes, NUL-padded) in new memory and fills it from the device.
    /// Returns where it is and its size, or nil when there is no such file or no room.
    mutating func place(
        _ name: InlineArray<56, UInt8>, alignment: UInt32, zone: TableZone
    ) -> (address: UInt64, size: UInt32)?
    /// The byte at `address`, which lies in a placed file.
    func read(at address: UInt64) -> UInt8
    /// Replaces the byte at `address`, which lies in a placed file.
    mutating func write(_ byte: UInt8, at address: UInt64)
}

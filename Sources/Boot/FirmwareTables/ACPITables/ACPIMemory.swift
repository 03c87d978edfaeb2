/// Physical memory as ACPI tables use it: scattered, named by address.
public protocol ACPIMemory: ~Copyable {
    /// The byte at an address, nil where no table may lie.
    func read(_ address: UInt64) -> UInt8?
    /// Stores a byte and says whether it is there now; firmware shadows of flash may be write-protected.
    mutating func write(_ byte: UInt8, at address: UInt64) -> Bool
}

extension ACPIMemory where Self: ~Copyable {
    /// A little-endian integer, nil when a byte of it cannot be read.
    func load<T: FixedWidthInteger & UnsignedInteger>(_ address: UInt64, as _: T.Type) -> T? {
        var value: T = 0
        for index in 0..<(T.bitWidth / 8) {
            guard let byte = read(address &+ UInt64(index)) else { return nil }
            value |= T(truncatingIfNeeded: byte) << T(truncatingIfNeeded: index * 8)
        }
        return value
    }

    mutating func store<T: FixedWidthInteger & UnsignedInteger>(_ value: T, at address: UInt64) -> Bool {
        for index in 0..<(T.bitWidth / 8) {
            let byte = UInt8(truncatingIfNeeded: value >> T(truncatingIfNeeded: index * 8))
            guard write(byte, at: address + UInt64(index)) else { return false }
        }
        return true
    }

    /// Whether the bytes of a structure add up to zero (ACPI 6.5 §5.2).
    func addsUpToZero(_ address: UInt64, count: Int) -> Bool {
        var sum: UInt8 = 0
        for index in 0..<count {
            guard let byte = read(address &+ UInt64(index)) else { return false }
            sum &+= byte
        }
        return sum == 0
    }

    /// Sets the checksum byte of a structure so that its bytes add up to zero.
    mutating func seal(_ address: UInt64, count: Int, checksumAt offset: UInt64) -> Bool {
        guard write(0, at: address + offset) else { return false }
        var sum: UInt8 = 0
        for index in 0..<count {
            guard let byte = read(address + UInt64(index)) else { return false }
            sum &+= byte
        }
        return write(0 &- sum, at: address + offset)
    }
}

/// QEMU's firmware configuration device, as its port interface offers it: select an item, read its bytes in order
/// (QEMU docs/specs/fw_cfg.txt; ports 0x510 and 0x511).
public protocol FirmwareConfigDevice {
    /// Selects an item; the next byte read is its first one.
    mutating func select(_ key: UInt16)
    /// The next byte of the selected item; zero past its end.
    mutating func readByte() -> UInt8
}

extension FirmwareConfigDevice {
    /// Fills `output` with the next bytes of the selected item.
    public mutating func read(into output: inout MutableSpan<UInt8>) {
        for index in 0..<output.count { output[index] = readByte() }
    }

    /// The next integer of the selected item, least significant byte first.
    public mutating func readLittleEndian<T: FixedWidthInteger & UnsignedInteger>(_: T.Type) -> T {
        var value: T = 0
        for index in 0..<(T.bitWidth / 8) {
            value |= T(truncatingIfNeeded: readByte()) << T(truncatingIfNeeded: index * 8)
        }
        return value
    }

    /// The next integer of the selected item, most significant byte first.
    public mutating func readBigEndian<T: FixedWidthInteger & UnsignedInteger>(_: T.Type) -> T {
        var value: T = 0
        for _ in 0..<(T.bitWidth / 8) {
            value = (T.bitWidth > 8 ? value << 8 : 0) | T(truncatingIfNeeded: readByte())
        }
        return value
    }
}

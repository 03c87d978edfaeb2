/// An entry of QEMU's `etc/e820`: packed u64 address, u64 size, u32 type.
public struct MemoryMapEntry: Equatable, Sendable {
    /// First physical address.
    public let base: UInt64
    /// Size in bytes.
    public let size: UInt64
    /// 1 RAM, 2 reserved (ACPI 6.4, table 15.3).
    public let type: UInt32

    /// Type of usable RAM.
    public static let ram: UInt32 = 1
    /// Bytes of an entry in the file.
    public static let encodedSize: UInt32 = 20

    /// Values from anywhere; ``end`` tells whether they make sense.
    public init(base: UInt64, size: UInt64, type: UInt32) {
        self.base = base
        self.size = size
        self.type = type
    }

    /// The next entry of the selected file.
    public init<Device: FirmwareConfigDevice>(from device: inout Device) {
        base = device.readLittleEndian(UInt64.self)
        size = device.readLittleEndian(UInt64.self)
        type = device.readLittleEndian(UInt32.self)
    }

    /// First address after the range, or nil when it wraps.
    public var end: UInt64? {
        let (end, overflow) = base.addingReportingOverflow(size)
        return overflow ? nil : end
    }
}

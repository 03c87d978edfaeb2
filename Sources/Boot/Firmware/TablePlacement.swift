internal import CMachine
internal import FirmwareTables

/// Memory for QEMU's ACPI files: one range for tables, another one for the root pointer.
struct TablePlacement: TableMemory {
    private var device = PortConfigDevice()
    private var nextHigh: UInt64
    private let endHigh: UInt64
    private var nextRoot: UInt64
    private let endRoot: UInt64

    /// Places tables in one range and what belongs into the F segment in the other.
    init(tables: Range<UInt64>, root: Range<UInt64>) {
        nextHigh = tables.lowerBound
        endHigh = tables.upperBound
        nextRoot = root.lowerBound
        endRoot = root.upperBound
    }

    mutating func place(
        _ name: InlineArray<56, UInt8>, alignment: UInt32, zone: TableZone
    ) -> (address: UInt64, size: UInt32)? {
        var length = 0
        while length < 56, name[length] != 0 { length += 1 }
        guard let file = FirmwareConfig.find(name.span.extracting(0..<length), in: &device) else {
            return nil
        }
        let address: UInt64?
        switch zone {
        case .high: address = Self.take(file.size, alignment, from: &nextHigh, to: endHigh)
        case .fSegment: address = Self.take(file.size, alignment, from: &nextRoot, to: endRoot)
        }
        guard let address else { return nil }
        device.select(file.key)
        for offset in 0..<UInt64(file.size) { sice_write8(address + offset, device.readByte()) }
        return (address, file.size)
    }

    func read(at address: UInt64) -> UInt8 {
        sice_read8(address)
    }

    mutating func write(_ byte: UInt8, at address: UInt64) {
        sice_write8(address, byte)
    }

    private static func take(
        _ size: UInt32, _ alignment: UInt32, from next: inout UInt64, to end: UInt64
    ) -> UInt64? {
        let mask = UInt64(alignment) - 1
        let start = (next + mask) & ~mask
        guard start + UInt64(size) <= end else { return nil }
        next = start + UInt64(size)
        return start
    }
}

internal import CMachine
internal import FirmwareTables

/// ACPI tables in the machine's memory below 4 GiB.
struct TableWindow: ACPIMemory {
    func read(_ address: UInt64) -> UInt8? {
        // The first page holds the real-mode vectors; a table there is a null pointer.
        address >= 0x1000 && address < 1 << 32 ? sice_read8(address) : nil
    }

    func write(_ byte: UInt8, at address: UInt64) -> Bool {
        guard address >= 0x1000, address < 1 << 32 else { return false }
        sice_write8(address, byte)
        return sice_read8(address) == byte
    }
}

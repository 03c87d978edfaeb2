internal import CMachine
internal import Firmware

/// The machine's AHCI controller with a disk at its first port (Serial ATA AHCI 1.3.1): one command at a time.
struct DiskController {
    private static let base: UInt64 = 0xD010_0000
    private static let port = base + 0x100
    private static let list = WorkMemory.device + 0x2_0000
    private static let received = list + 0x400
    private static let table = list + 0x1000
    static let sectorSize: UInt64 = 512

    /// Registers of a port, and bits of its command register (§3.3).
    private enum Register {
        static let list: UInt64 = 0x00
        static let received: UInt64 = 0x08
        static let command: UInt64 = 0x18
        static let issue: UInt64 = 0x38
        static let start: UInt32 = 1 << 0
        static let receive: UInt32 = 1 << 4
    }

    init?() {
        let pci = PCIFunction(device: 31, function: 2)
        guard pci.read32(0) == 0x2922_8086 else { return nil }
        pci.write32(0x24, UInt32(Self.base))
        pci.write16(4, 6)
        sice_write32(Self.base + 4, 1 << 31)
        sice_clear_words(Self.list, 0x2000 / 8)
        begin(receivingAt: Self.received)
    }

    /// Starts the port anew. What the disk says of each command goes to `address`.
    func begin(receivingAt address: UInt64) {
        sice_write32(Self.port + Register.command, 0)
        sice_write64(Self.port + Register.list, Self.list)
        sice_write64(Self.port + Register.received, address)
        sice_write32(Self.port + Register.command, Register.receive)
        sice_write32(Self.port + Register.command, Register.receive | Register.start)
    }

    /// From the disk to memory.
    func read(_ sector: UInt64, count: UInt64, to address: UInt64) -> Bool {
        issue(0x25, sector, count, address)  // READ DMA EXT
    }

    /// From memory to the disk.
    func write(_ sector: UInt64, count: UInt64, from address: UInt64) -> Bool {
        issue(0x35, sector, count, address)  // WRITE DMA EXT
    }

    private func issue(_ command: UInt64, _ sector: UInt64, _ count: UInt64, _ address: UInt64) -> Bool {
        // Five words of command, one place in memory; then where the table is (§4.2.2).
        sice_write32(Self.list, 5 | (command == 0x35 ? 1 << 6 : 0) | 1 << 16)
        sice_write32(Self.list + 4, 0)
        sice_write64(Self.list + 8, Self.table)
        // From host to device, a command; device 0x40: sectors are numbered (ATA8-ACS).
        sice_write64(Self.table, 0x8027 | command << 16 | (sector & 0xFF_FFFF) << 32 | 0x40 << 56)
        sice_write64(Self.table + 8, count << 32)
        sice_write32(Self.table + 16, 0)
        sice_write64(Self.table + 0x80, address)
        sice_write32(Self.table + 0x88, 0)
        sice_write32(Self.table + 0x8C, UInt32(truncatingIfNeeded: count * Self.sectorSize - 1))
        sice_write32(Self.port + Register.issue, 1)
        for _ in 0..<100_000 {
            if sice_read32(Self.port + Register.issue) == 0 { return true }
            for _ in 0..<1000 { sice_pause() }
        }
        return false
    }
}

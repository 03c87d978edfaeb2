internal import CMachine
internal import Firmware

/// QEMU's virtio-rng on PCI through its legacy interface (virtio 1.0, 4.1.4.8 and 2.4): one queue.
struct VirtioRandom {
    private static let ports: UInt16 = 0xC000
    private static let ring = WorkMemory.device + 0x1_0000
    /// Room of the ring: the largest queue of the legacy interface that a QEMU has given its device, 1,024 entries in version 10, needs
    /// 0x7006 bytes.
    private static let room: UInt64 = 0x8000

    /// Entries of the queue, as the device says.
    private let size: UInt64

    init?() {
        let pci = PCIFunction(device: 5, function: 0)
        guard pci.read32(0) == 0x1005_1AF4 else { return nil }
        pci.write32(0x10, UInt32(Self.ports))
        pci.write16(4, 5)
        sice_out8(Self.ports + 18, 0)
        sice_out8(Self.ports + 18, 3)
        sice_out16(Self.ports + 14, 0)
        size = UInt64(sice_in16(Self.ports + 12))
        guard size > 0, size <= 1024 else { return nil }
        sice_clear_words(Self.ring, Self.room / 8)
        sice_out32(Self.ports + 8, UInt32(Self.ring >> 12))
        sice_out8(Self.ports + 18, 7)
    }

    /// Has the device write `count` bytes to an address. False when it does not say that it is done.
    func fill(_ address: UInt64, count: UInt32) -> Bool {
        let available = Self.ring + size * 16
        let used = (available + 6 + size * 2 + 4095) & ~4095
        let index = sice_read16(available + 2)
        sice_write64(Self.ring, address)
        sice_write32(Self.ring + 8, count)
        sice_write16(Self.ring + 12, 2)  // the device writes
        sice_write16(available + 4 + UInt64(index) % size * 2, 0)
        sice_write16(available + 2, index &+ 1)
        sice_out16(Self.ports + 16, 0)
        for _ in 0..<100_000 {
            if sice_read16(used + 2) == index &+ 1 { return true }
            for _ in 0..<1000 { sice_pause() }
        }
        return false
    }
}

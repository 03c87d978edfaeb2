internal import CMachine
internal import Firmware
internal import SICEABI

/// SMRAM through the DMA of real device models (T01).
enum DeviceAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(30, .devices, "edu-reads-smram", "T01", "bytes of SMRAM that a device's DMA brought out"),
            eduReads)
        runner.attack(
            Attack(31, .devices, "edu-writes-smram", "T01", "a manager that a device's DMA changed"),
            eduWrites)
        runner.attack(
            Attack(
                32, .devices, "virtio-writes-smram", "T01", "a manager that a virtio device's DMA changed"),
            virtio)
        showDisk(to: &runner)
    }

    /// QEMU's device for teaching (docs/specs/edu.txt): 4 KiB of its own, DMA to and from them.
    private struct Teaching {
        private static let base: UInt64 = 0xD000_0000
        private static let buffer: UInt64 = 0x40000

        init?() {
            let pci = PCIFunction(device: 4, function: 0)
            guard pci.read32(0) == 0x11E8_1234 else { return nil }
            pci.write32(0x10, UInt32(Self.base))
            pci.write16(4, 6)
        }

        /// Into its own memory, or out of it.
        private func move(_ command: UInt64, from: UInt64, to: UInt64, count: UInt64) -> Bool {
            sice_write64(Self.base + 0x80, from)
            sice_write64(Self.base + 0x88, to)
            sice_write64(Self.base + 0x90, count)
            sice_write64(Self.base + 0x98, command)
            for _ in 0..<100_000 {
                if sice_read32(Self.base + 0x98) & 1 == 0 { return true }
                for _ in 0..<1000 { sice_pause() }
            }
            return false
        }

        func copy(from: UInt64, to: UInt64, count: UInt64) -> Bool {
            move(1, from: from, to: Self.buffer, count: count)
                && move(3, from: Self.buffer, to: to, count: count)
        }
    }

    static let places: InlineArray<7, UInt64> = [
        SMRAMLayout.entryPage, SMRAMLayout.saveStatePage, SMRAMLayout.managerOffset,
        SMRAMLayout.managerOffset + 0x1000, SMRAMLayout.managerOffset + 0x1_2000, 0x20_0000, 0x100_0000,
    ]

    /// First a copy that must work, or what follows shows nothing.
    private static func teaching(_ attempt: inout Attempt) -> Teaching? {
        guard let device = Teaching() else {
            attempt.failed("no-device", .noManager)
            return nil
        }
        sice_write64(WorkMemory.device, 0x1122_3344_5566_7788)
        sice_write64(WorkMemory.device + 0x1000, 0)
        let works =
            device.copy(from: WorkMemory.device, to: WorkMemory.device + 0x1000, count: 64)
            && sice_read64(WorkMemory.device + 0x1000) == 0x1122_3344_5566_7788
        attempt.expect(works, "device-does-not-copy")
        return works ? device : nil
    }

    private static func eduReads(_ attempt: inout Attempt) {
        guard let device = teaching(&attempt) else { return }
        let target = WorkMemory.device + 0x1000
        for index in places.indices {
            for offset in stride(from: UInt64(0), to: 4096, by: 8) { sice_write64(target + offset, 0) }
            let done = device.copy(from: Platform.found.smramBase + places[index], to: target, count: 2048)
            attempt.expect(done, "device-hangs")
            for offset in stride(from: UInt64(0), to: 2048, by: 4) {
                let word = sice_read32(target + offset)
                attempt.expect(word == UInt32.max || word == 0, "read", UInt64(word))
            }
        }
    }

    private static func eduWrites(_ attempt: inout Attempt) {
        guard let device = teaching(&attempt) else { return }
        for offset in stride(from: UInt64(0), to: 4096, by: 8) {
            sice_write64(WorkMemory.device + offset, 0xF4F4_F4F4_F4F4_F4F4)
        }
        for index in places.indices {
            let place = Platform.found.smramBase + places[index]
            attempt.expect(device.copy(from: WorkMemory.device, to: place, count: 2048), "device-hangs")
            attempt.expectManager()
        }
    }

    /// The legacy interface of virtio 1.0, 4.1.4.8: a generator of random numbers that writes them where it is told.
    private static func virtio(_ attempt: inout Attempt) {
        guard let device = VirtioRandom() else { return attempt.failed("no-device", .noManager) }
        sice_write64(WorkMemory.device + 0x8000, 0)
        sice_write64(WorkMemory.device + 0x8008, 0)
        let works = device.fill(WorkMemory.device + 0x8000, count: 16)
        let filled = sice_read64(WorkMemory.device + 0x8000) | sice_read64(WorkMemory.device + 0x8008)
        attempt.expect(works && filled != 0, "device-does-not-write")
        for index in places.indices {
            attempt.expect(device.fill(Platform.found.smramBase + places[index], count: 1024), "device-hangs")
            attempt.expectManager()
        }
    }
}

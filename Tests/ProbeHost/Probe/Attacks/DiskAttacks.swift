internal import CMachine
internal import Firmware
internal import SICEABI

/// SMRAM through the DMA of a disk (T01).
extension DeviceAttacks {
    private static let sectors: UInt64 = 4
    private static let pattern: UInt64 = 0xF4F4_F4F4_F4F4_F4F4
    private static let buffer = WorkMemory.device
    private static let copy = WorkMemory.device + 0x1000

    static func showDisk(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                33, .devices, "disk-reads-smram", "T01", "bytes of SMRAM that a disk's DMA brought out"),
            diskReads)
        runner.attack(
            Attack(34, .devices, "disk-writes-smram", "T01", "a manager that a disk's DMA changed"),
            diskWrites)
    }

    private static func fill(_ address: UInt64, _ word: UInt64) {
        for offset in stride(from: UInt64(0), to: sectors * DiskController.sectorSize, by: 8) {
            sice_write64(address + offset, word)
        }
    }

    /// First to the disk and back, which must work, or what follows shows nothing.
    private static func disk(_ attempt: inout Attempt) -> DiskController? {
        guard let disk = DiskController() else {
            attempt.failed("no-device", .noManager)
            return nil
        }
        fill(buffer, pattern)
        fill(copy, 0)
        let works =
            disk.write(16, count: sectors, from: buffer) && disk.read(16, count: sectors, to: copy)
            && sice_read64(copy) == pattern && sice_read64(copy + 0x7F8) == pattern
        attempt.expect(works, "device-does-not-copy")
        return works ? disk : nil
    }

    private static func diskReads(_ attempt: inout Attempt) {
        guard let disk = disk(&attempt) else { return }
        for index in places.indices {
            let place = Platform.found.smramBase + places[index]
            // What was there before must be gone: else the disk took nothing.
            _ = disk.write(32, count: sectors, from: buffer)
            let done =
                disk.write(32, count: sectors, from: place) && disk.read(32, count: sectors, to: copy)
            attempt.expect(done, "device-hangs")
            for offset in stride(from: UInt64(0), to: sectors * DiskController.sectorSize, by: 4) {
                let word = sice_read32(copy + offset)
                attempt.expect(word == UInt32.max || word == 0, "read", UInt64(word))
            }
        }
    }

    /// The data, then what the controller itself writes.
    private static func diskWrites(_ attempt: inout Attempt) {
        guard let disk = disk(&attempt) else { return }
        for index in places.indices {
            let place = Platform.found.smramBase + places[index]
            attempt.expect(disk.read(16, count: sectors, to: place), "device-hangs")
            attempt.expectManager()
            disk.begin(receivingAt: place)
            _ = disk.read(16, count: sectors, to: copy)
            attempt.expectManager()
            guard let again = DiskController() else { return attempt.failed("no-device", .noManager) }
            fill(copy, 0)
            attempt.expect(again.read(16, count: sectors, to: copy), "device-hangs")
            attempt.expect(sice_read64(copy), is: pattern, "device-does-not-copy")
        }
    }
}

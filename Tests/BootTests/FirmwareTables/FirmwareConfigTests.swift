import FirmwareTables
import Testing

/// A device with items in memory.
struct ModelDevice: FirmwareConfigDevice {
    var items: [UInt16: [UInt8]] = [0: Array("QEMU".utf8)]
    var selected: [UInt8] = []
    var position = 0

    mutating func select(_ key: UInt16) {
        selected = items[key] ?? []
        position = 0
    }

    mutating func readByte() -> UInt8 {
        defer { position += 1 }
        return position < selected.count ? selected[position] : 0
    }

    mutating func add(_ name: String, key: UInt16, contents: [UInt8]) {
        var directory = items[0x19] ?? [0, 0, 0, 0]
        directory[3] += 1
        directory += withUnsafeBytesOf(UInt32(contents.count).bigEndian)
        directory += withUnsafeBytesOf(key.bigEndian) + [0, 0]
        directory += Array(name.utf8) + [UInt8](repeating: 0, count: 56 - name.utf8.count)
        items[0x19] = directory
        items[key] = contents
    }

    private func withUnsafeBytesOf<T: FixedWidthInteger>(_ bigEndian: T) -> [UInt8] {
        (0..<(T.bitWidth / 8)).map { UInt8(truncatingIfNeeded: bigEndian >> T($0 * 8)) }
    }
}

@Suite struct FirmwareConfigTests {
    private func machine() -> ModelDevice {
        var device = ModelDevice()
        device.add("etc/e820", key: 0x21, contents: [UInt8](repeating: 7, count: 40))
        device.add("etc/e8200", key: 0x22, contents: [1, 2, 3])
        return device
    }

    @Test func find_fileByItsWholeName() {
        var device = machine()
        #expect(FirmwareConfig.isPresent(&device))
        let first = FirmwareConfig.find(Array("etc/e820".utf8).span, in: &device)
        #expect(first?.key == 0x21 && first?.size == 40)
        let second = FirmwareConfig.find(Array("etc/e8200".utf8).span, in: &device)
        #expect(second?.key == 0x22 && second?.size == 3)
    }

    @Test func reject_nameThatIsOnlyAPrefixOrTooLong() {
        var device = machine()
        #expect(FirmwareConfig.find(Array("etc/e82".utf8).span, in: &device) == nil)
        #expect(FirmwareConfig.find([UInt8](repeating: 0x61, count: 56).span, in: &device) == nil)
    }

    @Test func reject_deviceWithAnotherSignature() {
        var device = ModelDevice()
        device.items[0] = Array("none".utf8)
        #expect(!FirmwareConfig.isPresent(&device))
    }

    @Test func end_directoryThatClaimsTooManyFiles() {
        var device = machine()
        for index in 0..<4 { device.items[0x19]?[index] = 0xFF }
        #expect(FirmwareConfig.find(Array("absent".utf8).span, in: &device) == nil)
    }

    @Test func read_memoryMapEntry() {
        var device = ModelDevice()
        device.items[0x30] =
            [0, 0, 0, 0, 1, 0, 0, 0] + [0, 0x10, 0, 0, 0, 0, 0, 0] + [1, 0, 0, 0]
            + [UInt8](repeating: 0xFF, count: 16) + [2, 0, 0, 0]
        device.select(0x30)
        let high = MemoryMapEntry(from: &device)
        #expect(high == MemoryMapEntry(base: 1 << 32, size: 0x1000, type: MemoryMapEntry.ram))
        #expect(high.end == 0x1_0000_1000)
        #expect(MemoryMapEntry(from: &device).end == nil)
    }
}

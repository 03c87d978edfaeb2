import Installation
import SICEABI
import Testing

/// The manager file comes from the ROM; a broken one stops the boot.
@Suite struct ManagerImageTests {
    @Test func accept_wellFormed() throws {
        let image = try ManagerImage(SampleImage().bytes.span)
        #expect(image.fileSize == 0x4000)
        #expect(image.memorySize == 0x1_0000)
    }

    static let brokenFields: [(Int, UInt32)] = [
        (ManagerImageLayout.magic, 0),
        (ManagerImageLayout.fileSize, 0x5000),
        (ManagerImageLayout.memorySize, 0x3000),
        (ManagerImageLayout.memorySize, 0x1_0800),
        (ManagerImageLayout.memorySize, 0x1000_0000),
        (ManagerImageLayout.textEnd, 0),
        (ManagerImageLayout.textEnd, 0x2800),
        (ManagerImageLayout.rodataEnd, 0x1000),
        (ManagerImageLayout.rodataEnd, 0x5000),
        (ManagerImageLayout.entry64, 0x2000),
        (ManagerImageLayout.stub, 0x3FFF),
        (ManagerImageLayout.stub, 0xFFFF_FFFF),
        (ManagerImageLayout.stubSize, 0x2000),
        (ManagerImageLayout.stubSize, 0x20),
        (ManagerImageLayout.stubParameters, 0xF0),
        (ManagerImageLayout.handoff, 0x2000),
        (ManagerImageLayout.handoff, 0x5001),
        (ManagerImageLayout.handoff, 0xFF00),
        (ManagerImageLayout.handoff, 0xFFFF_FFF8),
    ]

    @Test(arguments: brokenFields) func reject_inconsistentHeader(offset: Int, value: UInt32) {
        var sample = SampleImage()
        sample.put(value, at: offset)
        #expect(throws: ErrorCode.bootBadManagerImage) { try ManagerImage(sample.bytes.span) }
    }

    @Test func reject_everyTruncation() {
        let bytes = SampleImage().bytes
        for count in [0, 1, 63, 64, 4096, bytes.count - 1] {
            #expect(throws: ErrorCode.bootBadManagerImage) {
                try ManagerImage(bytes[0..<count].span)
            }
        }
    }

    static let unservable: [(UInt64, UInt64)] = [
        (0x7C08_0000, 0x400_0000), (0x7C00_0000, 0xF0_0000), (0x7C00_0000, 0x4010_0000),
        (0xFF80_0000, 0x100_0000), (0, 0x100_0000), (0x1_0000_0000, 0x100_0000), (0x7C00_0000, 0x100_1000),
    ]

    @Test(arguments: unservable) func reject_unservableTSEG(base: UInt64, size: UInt64) throws {
        let image = try ManagerImage(SampleImage().bytes.span)
        #expect(throws: ErrorCode.bootNoTSEG) {
            try SMRAMPlan(base: base, size: size, coreCount: 1, image: image)
        }
    }

    @Test(arguments: [0, 9, -1]) func reject_coreCount(cores: Int) throws {
        let image = try ManagerImage(SampleImage().bytes.span)
        #expect(throws: ErrorCode.invalidArgument) {
            try SMRAMPlan(base: 0x7C00_0000, size: 64 << 20, coreCount: cores, image: image)
        }
    }
}

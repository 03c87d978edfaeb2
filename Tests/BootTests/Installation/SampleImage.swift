import SICEABI

/// A well-formed manager file: 8 KiB of text, 4 KiB of constants, 4 KiB of data, 64 KiB of memory in all.
struct SampleImage {
    var bytes = [UInt8](repeating: 0, count: 0x4000)

    init() {
        put(ManagerImageLayout.magicValue, at: ManagerImageLayout.magic)
        put(UInt32(0x4000), at: ManagerImageLayout.fileSize)
        put(UInt32(0x1_0000), at: ManagerImageLayout.memorySize)
        put(UInt32(0x2000), at: ManagerImageLayout.textEnd)
        put(UInt32(0x3000), at: ManagerImageLayout.rodataEnd)
        put(UInt32(0x1234), at: ManagerImageLayout.entry64)
        put(UInt32(0x2100), at: ManagerImageLayout.stub)
        put(UInt32(0x100), at: ManagerImageLayout.stubSize)
        put(UInt32(0x40), at: ManagerImageLayout.stubParameters)
        put(UInt32(0x5000), at: ManagerImageLayout.handoff)
        for index in 0..<0x100 { bytes[0x2100 + index] = UInt8(index) }
        put(UInt32(0x90), at: 0x2140 + StubParametersLayout.tablePointerBase)
        put(UInt32(0x80), at: 0x2140 + StubParametersLayout.longModeTarget)
    }

    mutating func put<T: FixedWidthInteger>(_ value: T, at offset: Int) {
        for index in 0..<(T.bitWidth / 8) {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> T(index * 8))
        }
    }
}

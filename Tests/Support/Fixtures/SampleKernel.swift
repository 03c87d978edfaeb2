/// A tiny file in bzImage format, whose fields tests change.
public struct SampleKernel: Sendable {
    public var setupSectors: UInt8 = 1
    /// Size of the protected-mode kernel in units of 16 bytes.
    public var paragraphs: UInt32 = 64
    public var bootFlag: UInt16 = 0xAA55
    public var magic: UInt32 = 0x5372_6448
    public var version: UInt16 = 0x020F
    public var headerLength: UInt8 = 0x6A
    public var loadFlags: UInt8 = 1
    public var extendedFlags: UInt16 = 0x7F
    public var commandLineSize: UInt32 = 255
    public var preferredAddress: UInt64 = 0x100_0000
    public var initialSize: UInt32 = 0x20_0000
    /// What follows the kernel in the file, like a signature.
    public var trailer: [UInt8] = [9, 9, 9]

    public init() {}

    /// Byte `index` of the protected-mode kernel.
    public static func content(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: index &* 37 &+ 1) }

    public var bytes: [UInt8] {
        let setup = (Int(setupSectors == 0 ? 4 : setupSectors) + 1) * 512
        var file = [UInt8](repeating: 0, count: setup)
        func put(_ value: UInt64, _ size: Int, at offset: Int) {
            for index in 0..<size {
                file[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
            }
        }
        put(UInt64(setupSectors), 1, at: 0x1F1)
        put(UInt64(paragraphs), 4, at: 0x1F4)
        put(UInt64(bootFlag), 2, at: 0x1FE)
        put(UInt64(headerLength), 1, at: 0x201)
        put(UInt64(magic), 4, at: 0x202)
        put(UInt64(version), 2, at: 0x206)
        put(UInt64(loadFlags), 1, at: 0x211)
        put(UInt64(extendedFlags), 2, at: 0x236)
        put(UInt64(commandLineSize), 4, at: 0x238)
        put(preferredAddress, 8, at: 0x258)
        put(UInt64(initialSize), 4, at: 0x260)
        return file + (0..<Int(paragraphs) * 16).map(Self.content) + trailer
    }
}

internal import ByteIO

/// Writes the kernel's boot parameters, the "zero page" (Linux, Documentation/arch/x86/zero-page.rst).
public struct BootParameters: Sendable {
    /// Address and size of the initial RAM disk; 0 for none.
    public var initrd: (address: UInt64, size: UInt64) = (0, 0)
    /// Address of the command line, which ends with a NUL.
    public var commandLine: UInt64 = 0
    /// Where the RAM above 1 MiB ends.
    public var memoryEnd: UInt64 = 0

    public static let size = 4096
    /// RAM below 1 MiB, from address 0 on, in bytes.
    public static let lowMemory: UInt64 = 0xA_0000
    /// Adapter ROMs and BIOS of a PC: the kernel looks for tables there, so the guest has zeros there.
    public static let firmwareStart: UInt64 = 0xC_0000
    public static let highMemory: UInt64 = 0x10_0000

    enum Field {
        static let rootPointer = 0x070  // u64, ACPI
        static let extendedInitrdAddress = 0x0C0  // u32, upper halves
        static let extendedInitrdSize = 0x0C4
        static let extendedCommandLine = 0x0C8
        static let memoryRanges = 0x1E8  // u8, entries of the table
        static let videoMode = 0x1FA  // u16
        static let loader = 0x210  // u8
        static let kernelAddress = 0x214  // u32
        static let initrdAddress = 0x218  // u32
        static let initrdSize = 0x21C
        static let commandLine = 0x228
        static let initialSize = 0x260  // u32, memory that the kernel needs from its address on
        static let memoryTable = 0x2D0  // entries of u64 address, u64 size, u32 type
    }

    /// The first byte after the fields that a boot loader must know.
    static let end = UInt64(Field.initialSize + 4)
    /// A boot loader without a number.
    static let loaderWithoutNumber: UInt8 = 0xFF

    public init() {}

    /// Writes into ``size`` bytes of zeros.
    public func store(for kernel: borrowing KernelImage, into page: inout MutableSpan<UInt8>) {
        let header = kernel.header
        for index in 0..<header.count { page[KernelImage.headerStart &+ index] = header[index] }
        page.storeLittleEndian(Self.loaderWithoutNumber, at: Field.loader)
        page.storeLittleEndian(UInt16(0xFFFF), at: Field.videoMode)  // "normal"
        Self.store(initrd.address, Field.initrdAddress, Field.extendedInitrdAddress, &page)
        Self.store(initrd.size, Field.initrdSize, Field.extendedInitrdSize, &page)
        Self.store(commandLine, Field.commandLine, Field.extendedCommandLine, &page)
        let ranges: InlineArray<3, (UInt64, UInt64, UInt32)> = [
            (0, Self.lowMemory, 1), (Self.firmwareStart, Self.highMemory &- Self.firmwareStart, 2),
            (Self.highMemory, memoryEnd &- Self.highMemory, 1),
        ]
        for index in 0..<ranges.count {
            Self.storeRange(index, base: ranges[index].0, size: ranges[index].1, type: ranges[index].2, &page)
        }
        page.storeLittleEndian(UInt8(truncatingIfNeeded: ranges.count), at: Field.memoryRanges)
    }

    /// Writes an entry of the memory map: 1 RAM, 2 reserved, 3 ACPI tables, 4 ACPI NVS, 5 unusable.
    static func storeRange(
        _ index: Int, base: UInt64, size: UInt64, type: UInt32, _ page: inout MutableSpan<UInt8>
    ) {
        let start = Field.memoryTable &+ index &* 20
        page.storeLittleEndian(base, at: start)
        page.storeLittleEndian(size, at: start &+ 8)
        page.storeLittleEndian(type, at: start &+ 16)
    }

    static func store(_ value: UInt64, _ low: Int, _ high: Int, _ page: inout MutableSpan<UInt8>) {
        page.storeLittleEndian(UInt32(truncatingIfNeeded: value), at: low)
        page.storeLittleEndian(UInt32(truncatingIfNeeded: value >> 32), at: high)
    }
}

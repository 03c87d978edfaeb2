internal import ByteIO
public import SICEABI

/// A Linux kernel in bzImage format: what its setup header says (Linux, Documentation/arch/x86/boot.rst).
///
/// A view of the file's bytes; every number in it was checked against the file's length.
public struct KernelImage: ~Escapable {
    private let bytes: Span<UInt8>

    /// Where the parts of the setup header lie, in the file and in the boot parameters alike.
    enum Field {
        static let setupSectors = 0x1F1  // u8, 0 means 4
        static let paragraphs = 0x1F4  // u32, size of the protected-mode kernel in units of 16 bytes
        static let bootFlag = 0x1FE  // u16 0xAA55
        static let jumpOffset = 0x201  // u8, the header ends at 0x202 + this
        static let magic = 0x202  // u32 "HdrS"
        static let version = 0x206  // u16
        static let loadFlags = 0x211  // u8, bit 0: the kernel belongs at or above 1 MiB
        static let commandLineSize = 0x238  // u32, without the terminating NUL
        static let extendedFlags = 0x236  // u16, bit 0: has a 64-bit entry
        static let preferredAddress = 0x258  // u64
        static let initialSize = 0x260  // u32, memory that it needs from its address on
        /// The first byte after the fields that are read here.
        static let end = 0x264
    }

    /// Where the header starts, and where a header may end at most: the next field of the boot parameters.
    static let headerStart = 0x1F1
    static let headerLimit = 0x290
    /// The 64-bit entry's distance from the start of the protected-mode kernel.
    public static let entryOffset: UInt64 = 0x200
    private static let oldestVersion: UInt16 = 0x020C
    private static let mebibyte: UInt64 = 1 << 20

    /// Reads a file. Throws `linuxKernelTruncated`, `notALinuxKernel`, `linuxKernelUnsupported`.
    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>) throws(ErrorCode) {
        // What is too short to say that it is a kernel has no header that could say how long it is.
        guard bytes.count >= Field.version else { throw .notALinuxKernel }
        self.bytes = bytes
        guard word(Field.bootFlag, as: UInt16.self) == 0xAA55,
            word(Field.magic, as: UInt32.self) == 0x5372_6448
        else { throw .notALinuxKernel }
        guard bytes.count >= Field.end else { throw .linuxKernelTruncated }
        guard word(Field.version, as: UInt16.self) >= Self.oldestVersion, bytes[Field.loadFlags] & 1 == 1,
            word(Field.extendedFlags, as: UInt16.self) & 1 == 1, headerEnd >= Field.end,
            headerEnd <= Self.headerLimit
        else { throw .linuxKernelUnsupported }
        // A size of 32 bits in 16-byte units cannot wrap a 64-bit Int.
        guard bytes.count >= fileOffset, bytes.count &- fileOffset >= size else {
            throw .linuxKernelTruncated
        }
        guard size > Int(Self.entryOffset), preferredAddress % ABI.pageSize == 0,
            preferredAddress >= Self.mebibyte, preferredAddress <= UInt64(UInt32.max)
        else { throw .linuxKernelUnsupported }
    }

    private func word<T: FixedWidthInteger & UnsignedInteger>(_ offset: Int, as type: T.Type) -> T {
        bytes.littleEndian(at: offset, as: type)
    }

    private var headerEnd: Int { Field.magic &+ Int(bytes[Field.jumpOffset]) }

    private var fileOffset: Int {
        let sectors = Int(bytes[Field.setupSectors])
        return ((sectors == 0 ? 4 : sectors) &+ 1) &* 512
    }

    /// Bytes of the protected-mode kernel; what follows in the file (a signature) is not loaded.
    public var size: Int { Int(truncatingIfNeeded: word(Field.paragraphs, as: UInt32.self)) &* 16 }

    /// The protected-mode kernel.
    public var kernel: Span<UInt8> {
        @_lifetime(copy self)
        get { bytes.extracting(fileOffset..<(fileOffset &+ size)) }
    }

    /// The setup header, as it goes into the boot parameters.
    var header: Span<UInt8> {
        @_lifetime(copy self)
        get { bytes.extracting(Self.headerStart..<headerEnd) }
    }

    /// Physical address at which it needs no relocation: a whole page, 1 MiB…4 GiB.
    public var preferredAddress: UInt64 { word(Field.preferredAddress, as: UInt64.self) }

    /// Bytes of memory from ``preferredAddress`` on that belong to it, whatever the memory map says.
    public var memorySize: UInt64 { max(UInt64(word(Field.initialSize, as: UInt32.self)), UInt64(size)) }

    /// Longest command line that it takes, in bytes without the terminating NUL.
    public var maximumCommandLine: Int {
        Int(truncatingIfNeeded: word(Field.commandLineSize, as: UInt32.self))
    }
}

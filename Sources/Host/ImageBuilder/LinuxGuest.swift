internal import Bytes
public import Diagnostics
internal import IsolatedImage
internal import LinuxBoot
internal import SICEABI

/// An unmodified Linux as an isolated image: kernel, initial RAM disk, command line and all that a boot loader would
/// set up, as one measured whole.
public struct LinuxGuest: Sendable {
    /// Name in the image header: 1 to 31 bytes.
    public var name: String
    /// A version of the person's own: up to 15 bytes.
    public var version = ""
    public var isDebug = false
    /// The kernel, a bzImage.
    public var kernel: [UInt8]
    /// The initial RAM disk: a cpio archive, compressed or not.
    public var initrd: [UInt8]
    public var commandLine: String
    /// Memory in MiB, within ``memorySizes``.
    public var memory: Int
    /// Memory shared with the host; the order gives the index.
    public var windows: [Manifest.Window] = []

    /// The largest SMRAM has 1 GiB, of which the manager, its records and the guest's nested page tables take some.
    public static let memorySizes = 32...1016

    public init(name: String, kernel: [UInt8], initrd: [UInt8], commandLine: String, memory: Int) {
        self.name = name
        self.kernel = kernel
        self.initrd = initrd
        self.commandLine = commandLine
        self.memory = memory
    }

    /// Where things lie below 640 KiB.
    private enum Low {
        static let descriptors = ImageLayout.linuxDescriptorTable
        static let bootParameters: UInt64 = 0x2000
        static let commandLine: UInt64 = 0x3000
        static let pageTables: UInt64 = 0x4000
        /// The kernel makes a stack of its own.
        static let stackPointer: UInt64 = 0x1_0000
    }

    private static let all = Permissions.read | Permissions.write | Permissions.execute

    /// The image file; the same input gives the same bytes. Throws `notALinuxKernel`, `linuxKernelTruncated`,
    /// `linuxKernelUnsupported`, `linuxCommandLineUnusable`, `linuxInitrdUnusable`, `linuxMemoryTooSmall`, and the
    /// errors of the header's validation.
    public func imageFile() throws(ToolError) -> [UInt8] {
        guard InitialRAMDisk.isKnown(initrd) else { throw ToolError(.linuxInitrdUnusable) }
        let image: KernelImage
        do { image = try KernelImage(kernel.span) } catch { throw ToolError(error) }
        let text = try checkedCommandLine(image.maximumCommandLine)
        let end = UInt64(memory) << 20
        let initrdAddress = try placeInitrd(end, after: image)
        var parameters = BootParameters()
        parameters.commandLine = Low.commandLine
        parameters.initrd = (initrdAddress, UInt64(initrd.count))
        parameters.memoryEnd = end
        var page = [UInt8](repeating: 0, count: BootParameters.size)
        var span = page.mutableSpan
        parameters.store(for: image, into: &span)
        let start = image.preferredAddress
        let parts = [
            try lowPart(page, text, end), Self.part(BootParameters.firmwareStart, BootParameters.highMemory),
            Self.part(BootParameters.highMemory, start),
            Self.part(start, initrdAddress, [UInt8](image.kernel)),
            Self.part(initrdAddress, end, initrd),
        ]
        return try ImageContents(
            kind: .linuxGuest, name: name, version: version, isDebug: isDebug,
            entry: start + KernelImage.entryOffset, stackPointer: Low.stackPointer,
            pageTableRoot: Low.pageTables, bootParameters: Low.bootParameters,
            parts: parts.filter { $0.region.pages > 0 }, windows: windows.map(\.region)
        ).file()
    }

    private func checkedCommandLine(_ limit: Int) throws(ToolError) -> [UInt8] {
        let text = Array(commandLine.utf8)
        let room = min(limit, Int(ABI.pageSize) - 1)
        guard text.count <= room else {
            throw ToolError(.linuxCommandLineUnusable, "\(text.count) bytes, at most \(room)")
        }
        guard text.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw ToolError(.linuxCommandLineUnusable, "control characters")
        }
        return text
    }

    /// At the end of memory, out of the way of a kernel that moves itself.
    private func placeInitrd(_ end: UInt64, after image: borrowing KernelImage) throws(ToolError) -> UInt64 {
        let need = GuestMemory(image, initrd)
        guard need.total <= end else { throw ToolError(.linuxMemoryTooSmall, need.text) }
        return end - ImagePlan.pages(UInt64(initrd.count)) * ABI.pageSize
    }

    /// Descriptor table, boot parameters, command line and page tables, from address 0 on.
    private func lowPart(
        _ parameters: [UInt8], _ text: [UInt8], _ end: UInt64
    ) throws(ToolError) -> ImagePart {
        let tables = try GuestPageTables(
            mapping: [0..<end], reach: end, at: Low.pageTables, below: Low.stackPointer - ABI.pageSize)
        var content = [UInt8](repeating: 0, count: Int(Low.pageTables))
        func put(_ bytes: [UInt8], at address: UInt64) {
            content.replaceSubrange(Int(address)..<Int(address) + bytes.count, with: bytes)
        }
        put(Self.descriptors, at: Low.descriptors)
        put(parameters, at: Low.bootParameters)
        put(text, at: Low.commandLine)
        return Self.part(0, BootParameters.lowMemory, content + tables.part.content)
    }

    /// __BOOT_CS and __BOOT_DS of the boot protocol: flat, 64-bit code at 0x10 and data at 0x18.
    private static var descriptors: [UInt8] {
        let words: [UInt64] = [0, 0, 0x00AF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF]
        return words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }

    private static func part(_ start: UInt64, _ end: UInt64, _ content: [UInt8] = []) -> ImagePart {
        ImagePart(
            region: ImageRegion(
                address: start, pages: (end - start) / ABI.pageSize,
                contentPages: ImagePlan.pages(UInt64(content.count)), permissions: all),
            content: content)
    }
}

internal import ByteIO
public import CorebootFormats

extension LinuxPayload {
    /// Completes the boot parameters for the machine.
    ///
    /// - Parameters:
    ///   - parameters: as the payload has them, expanded.
    ///   - memory: the map that the kernel is to believe.
    ///   - rootPointer: address of the ACPI root pointer, if there is one.
    ///   - framebuffer: the screen that firmware set up, if it did.
    ///   - page: receives 4096 bytes.
    public func storeParameters(
        _ parameters: Span<UInt8>, memory: borrowing MemoryMap, rootPointer: UInt64?,
        framebuffer: CorebootFramebuffer?, into page: inout MutableSpan<UInt8>
    ) {
        for index in 0..<min(BootParameters.size, min(parameters.count, page.count)) {
            page[index] = parameters[index]
        }
        page.storeLittleEndian(
            UInt32(truncatingIfNeeded: initrdAddress), at: BootParameters.Field.initrdAddress)
        if let rootPointer { page.storeLittleEndian(rootPointer, at: BootParameters.Field.rootPointer) }
        if let framebuffer { store(framebuffer, &page) }
        for index in 0..<memory.count {
            let range = memory[index]
            // What the boot protocol has no number for, such as coreboot's tables, is reserved.
            let type = range.type <= Self.lastType ? range.type : MemoryType.reserved
            BootParameters.storeRange(index, base: range.base, size: range.size, type: type, &page)
        }
        page.storeLittleEndian(
            UInt8(truncatingIfNeeded: memory.count), at: BootParameters.Field.memoryRanges)
    }

    /// "Unusable", the last one that coreboot and the boot protocol both have.
    private static var lastType: UInt32 { 5 }

    /// `struct screen_info` at the start of the parameters (Linux, include/uapi/linux/screen_info.h).
    private func store(_ screen: CorebootFramebuffer, _ page: inout MutableSpan<UInt8>) {
        page.storeLittleEndian(UInt8(0x70), at: 0x0F)  // VIDEO_TYPE_EFI: a frame buffer without a BIOS
        page.storeLittleEndian(UInt16(truncatingIfNeeded: screen.width), at: 0x12)
        page.storeLittleEndian(UInt16(truncatingIfNeeded: screen.height), at: 0x14)
        page.storeLittleEndian(UInt16(screen.bitsPerPixel), at: 0x16)
        page.storeLittleEndian(UInt32(truncatingIfNeeded: screen.address), at: 0x18)
        page.storeLittleEndian(screen.bytesPerLine &* screen.height, at: 0x1C)
        page.storeLittleEndian(UInt16(truncatingIfNeeded: screen.bytesPerLine), at: 0x24)
        for color in 0..<4 {
            page.storeLittleEndian(screen.colors[color].size, at: 0x26 + color * 2)
            page.storeLittleEndian(screen.colors[color].position, at: 0x27 + color * 2)
        }
        page.storeLittleEndian(UInt32(2), at: 0x36)  // VIDEO_CAPABILITY_64BIT_BASE
        page.storeLittleEndian(UInt32(truncatingIfNeeded: screen.address >> 32), at: 0x3A)
    }
}

internal import CFirmware
internal import CorebootFormats
internal import Firmware
internal import LZMA
internal import SICEABI

/// `sice/next`: the program that gets the machine after us.
struct NextProgram {
    private let payload: SELFPayload

    /// Checks the loaded file against the memory map. Throws `bootBadPayload` and what ``SELFPayload`` refuses.
    init(
        _ file: LoadedFile, memory: borrowing MemoryMap, smram: MemoryRange, vacated: MemoryRange? = nil
    ) throws(ErrorCode) {
        guard file.type == CBFSType.payload else { throw .bootBadPayload }
        payload = try SELFPayload(file.bytes)
        try payload.validate(memory: memory, firmware: WorkMemory.range, smram: smram, vacated: vacated)
    }

    /// Loads it and leaves for ever, as coreboot would start it. Throws `bootPayloadDamaged` when a compressed
    /// segment does not expand into its memory.
    func start(table: UInt64) throws(ErrorCode) -> Never {
        for index in 0..<payload.count { try load(payload[index]) }
        sice_enter32(UInt32(truncatingIfNeeded: payload.entry), UInt32(truncatingIfNeeded: table))
    }

    private func load(_ segment: SELFSegment) throws(ErrorCode) {
        let source = WorkMemory.file.base + UInt64(segment.fileOffset)
        var content = UInt64(segment.fileSize)
        if segment.isCompressed {
            let input = unsafe PhysicalMemory.readable(at: source, count: segment.fileSize)
            var output = unsafe PhysicalMemory.writable(
                at: segment.loadAddress, count: Int(segment.memorySize))
            content = UInt64(try LZMADecoder.expand(input, into: &output))
        } else {
            copyMemory(from: source, to: segment.loadAddress, count: content)
        }
        clearMemory(at: segment.loadAddress + content, count: segment.memorySize - content)
    }
}

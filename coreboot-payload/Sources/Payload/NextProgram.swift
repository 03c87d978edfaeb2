internal import CFirmware
internal import CorebootFormats
internal import SICEABI

/// `sice/next`: the program that gets the machine after us.
struct NextProgram {
    private let payload: SELFPayload

    /// Checks the loaded file against the memory map. Throws `bootBadPayload` and what ``SELFPayload`` refuses.
    init(
        _ file: LoadedFile, memory: borrowing MemoryMap, smram: MemoryRange
    ) throws(ErrorCode) {
        guard file.type == CBFSType.payload else { throw .bootBadPayload }
        payload = try SELFPayload(file.bytes)
        try payload.validate(memory: memory, firmware: WorkMemory.range, smram: smram)
    }

    /// Loads it and leaves for ever, as coreboot would start it.
    func start(table: UInt64) -> Never {
        for index in 0..<payload.count {
            let segment = payload[index]
            let content = UInt64(segment.fileSize)
            copyMemory(
                from: WorkMemory.file.base + UInt64(segment.fileOffset), to: segment.loadAddress,
                count: content)
            clearMemory(at: segment.loadAddress + content, count: segment.memorySize - content)
        }
        sice_enter32(UInt32(truncatingIfNeeded: payload.entry), UInt32(truncatingIfNeeded: table))
    }
}

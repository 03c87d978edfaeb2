internal import CFirmware
internal import CMachine
internal import CorebootFormats
internal import Firmware
internal import SICEABI

/// Loads the payload and leaves for it.
enum PayloadStart {
    /// Copies the segments of the SELF file `contents` to where they belong. Returns the entry point.
    ///
    /// Throws what `SELFPayload.validate` throws when a segment would lie over this ROM or outside RAM.
    static func load(_ contents: Span<UInt8>, plan: MemoryPlan) throws(ErrorCode) -> UInt32 {
        let payload = try SELFPayload(contents)
        var memory = MemoryMap()
        try memory.append(MemoryRange(base: 0x1000, size: 0x9_F000, type: MemoryType.ram))
        try memory.append(
            MemoryRange(base: 0x10_0000, size: plan.tablesBase - 0x10_0000, type: MemoryType.ram))
        let image = MemoryRange(
            base: sice_image_start(), size: sice_image_end() - sice_image_start(), type: MemoryType.reserved)
        let smram = MemoryRange(
            base: plan.tsegBase, size: plan.ramEnd - plan.tsegBase, type: MemoryType.reserved)
        try payload.validate(
            memory: memory, occupied: OccupiedMemory(firmware: image, smram: smram))
        for index in 0..<payload.count {
            guard !payload[index].isCompressed else { throw .bootPayloadCompressed }
            copy(payload[index], from: contents)
        }
        return UInt32(payload.entry)
    }

    private static func copy(_ segment: SELFSegment, from contents: Span<UInt8>) {
        var target = unsafe PhysicalMemory.writable(
            at: segment.loadAddress, count: Int(segment.memorySize))
        for index in 0..<segment.fileSize { target[index] = contents[segment.fileOffset + index] }
        for index in segment.fileSize..<Int(segment.memorySize) { target[index] = 0 }
    }
}

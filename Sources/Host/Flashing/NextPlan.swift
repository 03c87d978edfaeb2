internal import CorebootFormats
internal import Diagnostics
internal import LinuxBoot
internal import SICEABI

/// Whether a payload can be started after the security manager, as far as the file says: the memory map of a particular
/// machine may still refuse it at boot.
enum NextPlan {
    /// RAM on a machine that has as much as Q35 can have below 4 GiB, without what stays hidden there.
    private static let ram: [Range<UInt64>] = [
        0x1000..<hidden.base, hidden.end..<0xA_0000, 0x10_0000..<0xB000_0000,
    ]
    private static let hidden = MemoryRange(
        base: BootMemory.defaultSMBASE, size: BootMemory.hiddenSize, type: MemoryType.reserved)
    private static let ownPayload = MemoryRange(
        base: BootMemory.payloadBase, size: BootMemory.payloadSize, type: MemoryType.ram)

    /// Throws `bootBadPayload`, `bootPayloadCompressed`, `bootPayloadOverlapsFirmware`, `bootPayloadInHiddenMemory`,
    /// `bootPayloadOutsideRAM`, `bootPayloadDamaged`, `bootNoRoomForInitrd`. Of a segment that cannot be where it wants to
    /// be, the error says which it is and what it meets.
    static func validate(_ content: [UInt8], path: String) throws(ToolError) {
        var detail = path
        do throws(ErrorCode) {
            var memory = MemoryMap()
            for range in ram {
                try memory.append(
                    MemoryRange(base: range.lowerBound, size: UInt64(range.count), type: MemoryType.ram))
            }
            var parameters = [UInt8](repeating: 0, count: LinuxPayload.parametersLimit)
            var span = parameters.mutableSpan
            let plan = try StartPlan(
                content.span, memory: memory, firmware: ownPayload, parameters: &span)
            // Where SMRAM will be depends on the machine.
            let occupied = OccupiedMemory(firmware: ownPayload, hidden: hidden)
            if let conflict = plan.conflict(memory: memory, occupied: occupied) {
                detail += ": " + conflict.words
            }
            try plan.validate(memory: memory, occupied: occupied)
            try plan.payload.requireExpandable(content)
        } catch { throw ToolError(error, detail) }
    }
}

extension SegmentConflict {
    /// The segment's first and last byte, and those of what it meets.
    fileprivate var words: String {
        let place = obstacle.size == 0 ? "\(Self.hex(obstacle.base)), where no RAM is" : Self.words(obstacle)
        return "the segment \(Self.words(segment)) meets \(place)"
    }

    private static func words(_ range: MemoryRange) -> String {
        "\(hex(range.base)) to \(hex(range.end - 1))"
    }

    private static func hex(_ number: UInt64) -> String {
        "0x" + String(number, radix: 16, uppercase: true)
    }
}

internal import CorebootFormats
internal import Diagnostics
internal import SICEABI

/// Whether a payload can be started after the security manager, as far as the file says: the memory map of a particular
/// machine may still refuse it at boot.
enum NextPlan {
    /// RAM on a machine that has as much as Q35 can have below 4 GiB, without what stays hidden there.
    private static let ram: [Range<UInt64>] = [
        0x1000..<BootMemory.defaultSMBASE,
        (BootMemory.defaultSMBASE + BootMemory.hiddenSize)..<0xA_0000,
        0x10_0000..<0xB000_0000,
    ]

    /// Throws `bootBadPayload`, `bootPayloadCompressed`, `bootPayloadOverlapsFirmware`, `bootPayloadOutsideRAM`,
    /// `bootPayloadDamaged`.
    static func validate(_ content: [UInt8], path: String) throws(ToolError) {
        do throws(ErrorCode) {
            var memory = MemoryMap()
            for range in ram { try memory.append(NextPlan.range(range)) }
            let payload = range(
                BootMemory.payloadBase..<(BootMemory.payloadBase + BootMemory.payloadSize))
            // Where SMRAM will be depends on the machine.
            let next = try SELFPayload(content.span)
            try next.validate(memory: memory, firmware: payload, smram: range(0..<0))
            try next.requireExpandable(content)
        } catch { throw ToolError(error, path) }
    }

    private static func range(_ range: Range<UInt64>) -> MemoryRange {
        MemoryRange(
            base: range.lowerBound, size: range.upperBound - range.lowerBound, type: MemoryType.ram)
    }
}

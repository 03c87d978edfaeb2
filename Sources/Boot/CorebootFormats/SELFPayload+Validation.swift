public import SICEABI

/// Memory that a payload may not be loaded over, whatever the memory map says of it; and some that it may.
public struct OccupiedMemory: Sendable {
    /// Where the loader itself and what it still needs are.
    public var firmware: MemoryRange
    /// SMRAM, named apart so that an attempt to load over it shows as what it is; empty when it is not known yet.
    public var smram: MemoryRange
    /// What the chipset hides from everybody as soon as SMRAM is locked; empty when it hides nothing.
    public var hidden: MemoryRange
    /// Memory that the map may reserve and that may be loaded over all the same, because who needed it does not run any
    /// more; empty when there is none.
    public var vacated: MemoryRange

    public static let nothing = MemoryRange(base: 0, size: 0, type: MemoryType.reserved)

    public init(
        firmware: MemoryRange, smram: MemoryRange = nothing, hidden: MemoryRange = nothing,
        vacated: MemoryRange = nothing
    ) {
        self.firmware = firmware
        self.smram = smram
        self.hidden = hidden
        self.vacated = vacated
    }
}

/// Why a payload cannot be loaded: a segment, and what it meets.
public struct SegmentConflict: Equatable, Sendable {
    public let code: ErrorCode
    /// The segment's memory.
    public let segment: MemoryRange
    /// What it meets; empty, from the first such byte on, where the memory map has nothing at all.
    public let obstacle: MemoryRange

    public init(code: ErrorCode, segment: MemoryRange, obstacle: MemoryRange) {
        self.code = code
        self.segment = segment
        self.obstacle = obstacle
    }
}

extension SELFPayload {
    /// Refuses a payload that could not be loaded as it is; segments may lie in free RAM only.
    ///
    /// - Parameter memory: the machine's map.
    /// - Throws: the code of the first ``conflict(memory:occupied:)``; `bootBadPayload` when the entry lies in no segment
    ///   with content.
    public func validate(memory: borrowing MemoryMap, occupied: OccupiedMemory) throws(ErrorCode) {
        if let conflict = conflict(memory: memory, occupied: occupied) { throw conflict.code }
        for index in 0..<count {
            let segment = self[index]
            // Where compressed content ends is known only when it is expanded.
            let content = segment.isCompressed ? segment.memorySize : UInt64(segment.fileSize)
            if entry >= segment.loadAddress, entry - segment.loadAddress < content { return }
        }
        throw .bootBadPayload
    }

    /// The first segment that cannot be where it wants to be: `bootPayloadInSMRAM`, `bootPayloadOverlapsFirmware`,
    /// `bootPayloadInHiddenMemory`, `bootPayloadOutsideRAM`. Nil when all can.
    public func conflict(memory: borrowing MemoryMap, occupied: OccupiedMemory) -> SegmentConflict? {
        for index in 0..<count {
            let range = self[index].memory
            if let conflict = conflict(of: range, memory, occupied) { return conflict }
            for other in 0..<index where range.overlaps(self[other].memory) {
                return SegmentConflict(
                    code: .bootPayloadOverlapsFirmware, segment: range, obstacle: self[other].memory)
            }
        }
        return nil
    }

    private func conflict(
        of range: MemoryRange, _ memory: borrowing MemoryMap, _ occupied: OccupiedMemory
    ) -> SegmentConflict? {
        guard range.base <= UInt64.max - range.size, range.end <= 1 << 32 else {
            let beyond = MemoryRange(base: max(range.base, 1 << 32), size: 0, type: MemoryType.reserved)
            return SegmentConflict(code: .bootPayloadOutsideRAM, segment: range, obstacle: beyond)
        }
        if range.overlaps(occupied.smram) {
            return SegmentConflict(code: .bootPayloadInSMRAM, segment: range, obstacle: occupied.smram)
        }
        if range.overlaps(occupied.firmware) {
            return SegmentConflict(
                code: .bootPayloadOverlapsFirmware, segment: range, obstacle: occupied.firmware)
        }
        if range.overlaps(occupied.hidden) {
            return SegmentConflict(
                code: .bootPayloadInHiddenMemory, segment: range, obstacle: occupied.hidden)
        }
        let besides = range.isInside(occupied.vacated) ? MemoryType.reserved : MemoryType.ram
        guard !range.isShadowRAM,
            let obstacle = memory.obstacle(in: range, type: MemoryType.ram, or: besides)
        else { return nil }
        return SegmentConflict(code: .bootPayloadOutsideRAM, segment: range, obstacle: obstacle)
    }
}

extension MemoryRange {
    /// The RAM under the legacy ROM area, which no memory map offers but where a BIOS such as SeaBIOS belongs.
    fileprivate var isShadowRAM: Bool { base >= 0xC_0000 && end <= 0x10_0000 }

    fileprivate func isInside(_ other: MemoryRange) -> Bool { base >= other.base && end <= other.end }
}

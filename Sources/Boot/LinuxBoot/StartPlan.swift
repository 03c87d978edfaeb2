public import CorebootFormats
internal import LZMA
public import SICEABI

/// How the program in a payload file is started: what is loaded where, and, of a Linux kernel, with which parameters.
public struct StartPlan {
    /// What is loaded, and the entry.
    public private(set) var payload: SELFPayload
    /// Set when it is a Linux kernel that cbfstool made a payload of: it is entered with its boot parameters.
    public private(set) var linux: LinuxPayload?

    /// Reads a payload file.
    ///
    /// - Parameters:
    ///   - memory: the machine's map.
    ///   - firmware: where the loader itself is.
    ///   - parameters: at least ``LinuxPayload/parametersLimit`` bytes, which receive a kernel's boot parameters.
    /// - Throws: what ``SELFPayload`` throws; `bootPayloadDamaged` for parameters that do not expand; `bootNoRoomForInitrd`.
    public init(
        _ file: Span<UInt8>, memory: borrowing MemoryMap, firmware: MemoryRange,
        parameters: inout MutableSpan<UInt8>
    ) throws(ErrorCode) {
        payload = try SELFPayload(file)
        guard let segment = LinuxPayload.parameters(of: payload) else { return }
        try Self.expand(segment, of: file, into: &parameters)
        guard var linux = LinuxPayload(payload, parameters: parameters.span) else { return }
        payload = try linux.place(payload, memory: memory, firmware: firmware)
        self.linux = linux
    }

    private static func expand(
        _ segment: SELFSegment, of file: Span<UInt8>, into output: inout MutableSpan<UInt8>
    ) throws(ErrorCode) {
        for index in 0..<output.count { output[index] = 0 }
        let content = file.extracting(segment.fileOffset..<(segment.fileOffset + segment.fileSize))
        guard segment.isCompressed else {
            for index in 0..<min(content.count, output.count) { output[index] = content[index] }
            return
        }
        let size = try LZMADecoder.expand(content, into: &output)
        guard size <= segment.memorySize else { throw .bootPayloadDamaged }
    }

    /// What keeps the program from being started on a machine with this map; nil when nothing does.
    public func conflict(memory: borrowing MemoryMap, occupied: OccupiedMemory) -> SegmentConflict? {
        if let conflict = payload.conflict(memory: memory, occupied: occupied) { return conflict }
        guard let kernel = linux?.kernelMemory,
            let obstacle = memory.obstacle(in: kernel, type: MemoryType.ram)
        else { return nil }
        return SegmentConflict(code: .bootPayloadOutsideRAM, segment: kernel, obstacle: obstacle)
    }

    /// Refuses a program that cannot be started. Throws what ``SELFPayload/validate(memory:occupied:)`` throws and the code
    /// of a ``conflict(memory:occupied:)``.
    public func validate(memory: borrowing MemoryMap, occupied: OccupiedMemory) throws(ErrorCode) {
        try payload.validate(memory: memory, occupied: occupied)
        if let conflict = conflict(memory: memory, occupied: occupied) { throw conflict.code }
    }
}

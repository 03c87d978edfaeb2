internal import CFirmware
internal import CorebootFormats
internal import Firmware
internal import LZMA
internal import LinuxBoot
internal import SICEABI

/// What the next program learns from us about the machine.
struct FirmwareWord {
    /// Address of the coreboot table.
    let table: UInt64
    /// Address of the ACPI root pointer, if there is one.
    let rootPointer: UInt64?
    /// The screen, if firmware set one up.
    let framebuffer: CorebootFramebuffer?
}

/// `sice/next`: the program that gets the machine after us.
struct NextProgram {
    private let plan: StartPlan

    /// Checks the loaded file against the memory map. Throws `bootBadPayload` and what ``StartPlan`` refuses; of a segment
    /// that cannot be where it wants to be, the console says which it is and what it meets.
    init(
        _ file: LoadedFile, memory: borrowing MemoryMap, occupied: OccupiedMemory
    ) throws(ErrorCode) {
        guard file.type == CBFSType.payload else { throw .bootBadPayload }
        var parameters = Self.parameters
        plan = try StartPlan(
            file.bytes, memory: memory, firmware: occupied.firmware, parameters: &parameters)
        if let conflict = plan.conflict(memory: memory, occupied: occupied) {
            Console.main.line("segment", conflict.segment, "meets", conflict.obstacle)
        }
        try plan.validate(memory: memory, occupied: occupied)
    }

    /// Loads it and leaves for ever, as coreboot would start it; a Linux kernel with its boot parameters, which its own
    /// payload would complete from the coreboot table. Throws `bootPayloadDamaged` when a compressed segment does not
    /// expand into its memory.
    func start(with word: FirmwareWord, _ memory: borrowing MemoryMap) throws(ErrorCode) -> Never {
        for index in 0..<plan.payload.count { try load(plan.payload[index]) }
        let entry = UInt32(truncatingIfNeeded: plan.payload.entry)
        guard let linux = plan.linux else {
            sice_enter32(entry, UInt32(truncatingIfNeeded: word.table))
        }
        var page = unsafe PhysicalMemory.writable(
            at: LinuxPayload.parametersAddress, count: Int(ABI.pageSize))
        linux.storeParameters(
            Self.parameters.span, memory: memory,
            rootPointer: word.rootPointer, framebuffer: word.framebuffer, into: &page)
        sice_enter32(entry, UInt32(truncatingIfNeeded: LinuxPayload.parametersAddress))
    }

    private static var parameters: MutableSpan<UInt8> {
        @_lifetime(immortal)
        get {
            unsafe PhysicalMemory.writable(
                at: WorkMemory.parameters.base, count: Int(WorkMemory.parameters.size))
        }
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

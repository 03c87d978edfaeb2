internal import CorebootFormats
internal import Firmware
internal import FirmwareTables
internal import Installation
internal import SICEABI

/// The boot, step by step. Every step fails closed: the error ends the boot.
struct Boot {
    let console = Console.main
    let table: FirmwareTable
    let flash: Flash
    let isInsecure: Bool
    let smram: SMRAM
    let block: ReservedBlock
    var memory: MemoryMap
    let clock: Clock
    let powerManagementBase: UInt16
    var acpi: ACPIRoot
    /// What was inside TSEG and is elsewhere now.
    let moved: MovedAreas

    /// Looks at the machine and moves tables out of the way of TSEG; nothing else is changed yet.
    init(_ table: FirmwareTable) throws(ErrorCode) {
        self.table = table
        memory = table.parsed.memory
        guard memory.covers(WorkMemory.range, type: MemoryType.ram),
            memory.covers(LowMemory.range, type: MemoryType.ram)
        else { throw .bootNoMemory }
        flash = try Flash(table.parsed.bootMedia)
        isInsecure = try flash.contains(BootMeasurement.insecureOption)
        if isInsecure { console.line("the ROM has the insecure option; every report shows it") }
        smram = try SMRAM(memory, wantedMebibytes: try flash.number(BootMeasurement.smramSizeOption))
        console.line("SMRAM", mebibytes: smram.range.size, at: smram.range.base)
        powerManagementBase = try Chipset.powerManagementBase()
        clock = Clock(powerManagementBase: powerManagementBase)
        if !smram.isReserved { try memory.remove(smram.range) }
        block = try ReservedBlock(memory, below: smram.range.base)
        try memory.retype(block.tables)
        try memory.reserve(base: block.base, size: block.end - block.base)
        try memory.reserve(base: LowMemory.defaultSMBASE, size: LowMemory.hiddenSize)
        if smram.isReserved {
            guard let pointer = table.parsed.rsdp else { throw .bootNoACPI }
            acpi = try ACPIRoot(at: pointer, TableWindow())
            moved = MovedAreas(gone: MemoryRange(base: 0, size: 0, type: MemoryType.reserved))
        } else {
            console.line("tables are where TSEG goes; moving them")
            let move = try TableMove(table.parsed, out: smram.range, into: block)
            (acpi, moved) = (move.root, move.areas)
        }
    }

    private func startTPM() throws(ErrorCode) -> MeasuredBoot {
        var measured = try MeasuredBoot(clock: clock, insecure: isInsecure)
        try measured.openLog(area: try logArea(), firmwareLog: table.parsed.eventLog)
        console.line(
            measured.isFirmwareMeasured ? "TPM: firmware is measured" : "TPM: firmware is not measured")
        return measured
    }

    /// Installs the manager, locks SMRAM, starts the next program.
    mutating func run() throws(ErrorCode) -> Never {
        try Processor.requireVirtualization()
        var findings = PlatformFindings()
        findings.record(.memoryClearedAtReset, ResetMark.value(in: block.park))
        var cores = Cores.interrupt(park: block.park, clock: clock)
        var measured = try startTPM()
        let manager = try loadManager(&measured)
        tryPlatform(&findings)
        var window = SMRAMWindow()
        let cleared = ClearedSMRAM(base: smram.range.base, size: smram.range.size, in: &window)
        try cores.start(expected: try listedCores())
        console.line("cores:", count: cores.count)
        try tryPlatform(with: cores, &findings)
        ResetMark.leave(in: block.park)
        try install(manager, in: cleared, cores, findings, &measured)
        try Chipset.enableSoftwareSMI(powerManagementBase: powerManagementBase)
        cores.release()
        try smram.enable()
        try measureConfiguration(&measured)
        try makeReportKey(&measured)
        try lock()
        try createWorkload(&measured)
        guard let file = try flash.load(BootMeasurement.next) else { throw .bootFileMissing }
        let next = try NextProgram(
            file, memory: memory,
            occupied: OccupiedMemory(
                firmware: WorkMemory.range, smram: smram.range, hidden: LowMemory.hidden,
                vacated: LowMemory.vacated))
        try measured.measure(file.digest, BootMeasurement.next, pcr: BootMeasurement.codePCR)
        try cores.settle()
        try publish()
        console.line("starting sice/next")
        try next.start(
            with: FirmwareWord(
                table: block.corebootTable, rootPointer: acpi.pointer, framebuffer: table.parsed.framebuffer),
            memory)
    }

    /// How many cores the machine says it has.
    private func listedCores() throws(ErrorCode) -> Int {
        guard let list = try acpi.find(ACPISignature.madt, TableWindow()) else { throw .bootNoACPI }
        return try ProcessorList.count(list, TableWindow())
    }

    /// The event log's area. The table that names it comes from the machine, so it may not make us write over
    /// SMRAM, our own memory, or memory that the operating system will use. Throws `bootLogUnusable`.
    private func logArea() throws(ErrorCode) -> MemoryRange? {
        guard let table = try acpi.find(ACPISignature.tpm2, TableWindow()),
            let place = TPMLogArea(table, TableWindow())
        else { return nil }
        let area = MemoryRange(base: place.address, size: UInt64(place.size), type: MemoryType.reserved)
        let isOurs = area.base >= block.acpiTables.base && area.end <= block.acpiTables.end
        guard area.end <= 1 << 32, !area.overlaps(smram.range), isOurs || !area.overlaps(block.range),
            memory.covers(area, type: MemoryType.tables, or: MemoryType.reserved)
        else { throw .bootLogUnusable }
        return area
    }
}

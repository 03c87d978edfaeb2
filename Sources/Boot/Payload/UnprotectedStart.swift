internal import CorebootFormats
internal import Firmware
internal import SICEABI

/// What is left to do on a machine whose SMRAM belongs to someone else: start the next program without a manager.
enum UnprotectedStart {
    /// Never returns when the next program starts. No evidence can come from this boot: no manager has a key, and
    /// the PCRs that a manager's boot extends are spoilt, so that the operating system cannot make up one.
    /// Throws when the TPM does not take that, or when there is nothing to start.
    static func run(_ table: FirmwareTable) throws(ErrorCode) -> Never {
        Console.main.line("SMRAM is locked by other firmware: starting sice/next without the manager")
        let memory = table.parsed.memory
        guard memory.covers(WorkMemory.range, type: MemoryType.ram) else { throw .bootNoMemory }
        let flash = try Flash(table.parsed.bootMedia)
        let clock = Clock(powerManagementBase: try Chipset.powerManagementBase())
        var measured = try MeasuredBoot(clock: clock, insecure: true)
        try measured.extendNoManager()
        guard let file = try flash.load(BootMeasurement.next) else { throw .bootFileMissing }
        let next = try NextProgram(
            file, memory: memory, occupied: OccupiedMemory(firmware: WorkMemory.range))
        try next.start(
            with: FirmwareWord(
                table: table.address, rootPointer: table.parsed.rsdp, framebuffer: table.parsed.framebuffer),
            memory)
    }
}

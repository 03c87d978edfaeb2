internal import ByteIO
internal import CMachine
internal import CorebootFormats
internal import Firmware
internal import Installation
internal import SHA2
internal import SICEABI

extension Boot {
    /// Loads the security manager's file and measures it.
    func loadManager(_ measured: inout MeasuredBoot) throws(ErrorCode) -> LoadedFile {
        guard let file = try flash.load(BootMeasurement.manager) else { throw .bootFileMissing }
        try measured.measure(file.digest, BootMeasurement.manager, pcr: BootMeasurement.codePCR)
        return file
    }

    /// Installs the manager and gives it every core's SMIs.
    func install(
        _ file: LoadedFile, in cleared: consuming ClearedSMRAM, _ cores: Cores, _ findings: PlatformFindings,
        _ measured: inout MeasuredBoot
    ) throws(ErrorCode) {
        let image = try ManagerImage(file.bytes)
        let plan = try SMRAMPlan(
            base: smram.range.base, size: smram.range.size, coreCount: cores.count, image: image)
        var handoff = try makeHandoff(cores, managerDigest: file.digest, &measured)
        handoff.findings = findings
        var window = SMRAMWindow()
        try SMRAMInstaller.install(file.bytes, image, plan: plan, handoff: handoff, into: cleared, &window)
        try Relocation.run(cores, clock: clock) { plan.smbase(ofCore: $0) }
        console.line("manager installed, bytes:", count: file.size)
    }

    private func makeHandoff(
        _ cores: Cores, managerDigest: InlineArray<32, UInt8>, _ measured: inout MeasuredBoot
    ) throws(ErrorCode) -> ManagerHandoff {
        var handoff = ManagerHandoff()
        handoff.flags = configurationFlags
        if measured.isFirmwareMeasured { handoff.flags |= HandoffFlags.measuredBoot }
        if measured.isPlatformHierarchyClosed { handoff.flags |= HandoffFlags.platformHierarchyClosed }
        handoff.apicIdentifiers = cores.identifiers
        handoff.managerDigest = managerDigest
        var entropy = handoff.entropy.mutableSpan
        try measured.random(into: &entropy)
        handoff.communicationBase = block.communicationBase
        handoff.communicationSize = CommunicationArea.size
        try handoff.addRAM(base: block.communicationBase, size: CommunicationArea.size)
        for index in 0..<memory.count where memory[index].type == MemoryType.ram {
            try handoff.addRAM(base: memory[index].base, size: memory[index].size)
        }
        return handoff
    }

    private var configurationFlags: UInt32 {
        (isInsecure ? HandoffFlags.insecureOption : 0)
            | (table.parsed.isStandIn ? HandoffFlags.standInROM : 0)
    }

    /// Measures what a verifier must know of this boot besides code (`BootConfigurationLayout`).
    func measureConfiguration(_ measured: inout MeasuredBoot) throws(ErrorCode) {
        var bytes = InlineArray<24, UInt8>(repeating: 0)
        var fields = bytes.mutableSpan
        fields.storeLittleEndian(BootConfigurationLayout.magicValue, at: BootConfigurationLayout.magic)
        fields.storeLittleEndian(smram.range.size, at: BootConfigurationLayout.smramSize)
        fields.storeLittleEndian(configurationFlags, at: BootConfigurationLayout.flags)
        fields.storeLittleEndian(ABI.version, at: BootConfigurationLayout.version)
        let digest = SHA256.hash(fields.span)
        try measured.measure(
            digest, BootMeasurement.configuration, pcr: BootMeasurement.configurationPCR)
    }

    /// Lets the manager make its report key, and makes the TPM vouch for it.
    func makeReportKey(_ measured: inout MeasuredBoot) throws(ErrorCode) {
        let buffer = WorkMemory.buffers
        clearMemory(at: buffer.base, count: buffer.size)
        _ = try call(.install, argument: buffer.base)
        let digest = SHA256.hash(unsafe PhysicalMemory.readable(at: buffer.base, count: ABI.publicKeySize))
        try measured.measure(digest, BootMeasurement.reportKey, pcr: BootMeasurement.configurationPCR)
        console.line("report key made")
    }

    /// Measures the boot workload, if the ROM has one, and creates its environment. The legacy host attaches its
    /// windows later. Throws what the manager refuses about the image.
    func createWorkload(_ measured: inout MeasuredBoot) throws(ErrorCode) {
        guard let file = try flash.load(BootMeasurement.workload) else { return }
        try measured.measure(file.digest, BootMeasurement.workload, pcr: BootMeasurement.codePCR)
        let page = Int(ABI.pageSize)
        guard file.size >= page, file.size % page == 0 else { throw .imageTruncated }
        let identifier = try call(.create, argument: WorkMemory.file.base).rbx
        var offset = page
        while offset < file.size {
            let count = min((file.size - offset) / page, Int(ABI.maximumBatchPages))
            _ = try call(
                .load, argument: identifier, WorkMemory.file.base + UInt64(offset), UInt64(count))
            offset += count * page
        }
        while try call(.seal, argument: identifier).rbx != 0 {}
        console.line("boot workload, pages:", count: file.size / page)
    }

    /// Closes SMRAM, then the manager's boot commands. Throws `bootPostureFailed` when the manager does not see
    /// what we did.
    func lock() throws(ErrorCode) {
        try smram.lock()
        _ = try call(.lock)
        let info = try call(.info)
        guard info.rdi & PlatformFlags.locked != 0 else { throw .bootPostureFailed }
        console.line("SMRAM is locked")
    }

    private func call(
        _ command: Command, argument: UInt64 = 0, _ second: UInt64 = 0, _ third: UInt64 = 0
    ) throws(ErrorCode) -> sice_smi_registers {
        try ManagerCall(command, in: block.communicationBase, argument: argument, second, third).registers
    }
}

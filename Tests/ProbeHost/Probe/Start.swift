public import CFirmware
internal import CMachine
internal import CProbe
internal import Firmware
internal import FirmwareTables
internal import SICEABI

/// The probe's first code: runs the case that fw_cfg `opt/sice/probe` names and ends the machine.
/// Exit code 0x10 when every check held, 0x11 when one failed, 0x12 when there is no such case.
@c(sice_firmware_main)
public func start(table: UInt64) {
    let now = sice_rdtsc()
    Console.main.write("sice: probe: started\r\n")
    probe_enable_vectors()
    LocalAPIC.enable()
    var results = Results()
    guard let name = CaseName.read() else { return sice_exit(0x12) }
    if name.matches("attack") {
        AttackCase.run()
        return sice_exit(0x10)
    }
    if name.matches("boot") {
        BootCase.run(now: now, table: table, &results)
    } else {
        guard run(name, &results) else { return sice_exit(0x12) }
    }
    results.finish()
    sice_exit(results.failures == 0 ? 0x10 : 0x11)
}

private func run(_ name: CaseName, _ results: inout Results) -> Bool {
    if name.matches("info") {
        InfoCase.run(&results)
    } else if name.matches("posture") {
        PostureCase.run(&results)
    } else if name.matches("reset") {
        PostureCase.runAfterReset(&results)
    } else if name.matches("smram") {
        SMRAMCase.run(&results)
    } else if name.matches("commands") {
        CommandCase.run(&results)
    } else if name.matches("images") {
        ImageCase.run(&results)
    } else if name.matches("registers") {
        RegisterCase.run(&results)
    } else if name.matches("twins") {
        TwinCase.run(&results)
    } else if name.matches("churn") {
        ChurnCase.run(&results)
    } else if name.matches("slices") {
        SliceCase.run(&results)
    } else if name.matches("crashes") {
        CrashCase.run(&results)
    } else if name.matches("cores") {
        CoreCase.run(&results)
    } else if name.matches("init") {
        InitCase.run(&results)
    } else if name.matches("multicore") {
        MultiCoreCase.run(&results)
    } else if name.matches("many") {
        ManyCoresCase.run(&results)
    } else if name.matches("lostlock") {
        LostLockCase.run(&results)
    } else if name.matches("nmis") {
        NonMaskableCase.run(&results)
    } else if name.matches("thrown") {
        IsolatedInitCase.run(&results)
    } else if name.matches("apic") {
        WindowCase.run(&results)
    } else if name.matches("requests") {
        RequestCase.run(&results)
    } else if name.matches("moved-apic") {
        MovedWindowCase.run(&results)
    } else if name.matches("insecure") {
        InfoCase.runInsecure(&results)
    } else if name.matches("fault") {
        FaultCase.run(&results)
    } else if name.matches("pcrs") {
        PCRCase.run(&results)
    } else if name.matches("bench-multicore") {
        BenchCase.runMultiCore(&results)
    } else if name.matches("bench") {
        BenchCase.run(&results)
    } else {
        return false
    }
    return true
}

/// Name of a case, at most 16 bytes.
struct CaseName {
    private var bytes = InlineArray<16, UInt8>(repeating: 0)
    private var count = 0

    /// Reads it from fw_cfg; nil when there is none.
    static func read() -> CaseName? {
        var device = PortConfigDevice()
        let name: StaticString = "opt/sice/probe"
        guard let file = FirmwareConfig.find(name.bytes, in: &device), file.size <= 16 else { return nil }
        var result = CaseName()
        device.select(file.key)
        for index in 0..<Int(file.size) { result.bytes[index] = device.readByte() }
        result.count = Int(file.size)
        return result
    }

    func matches(_ name: StaticString) -> Bool {
        let other = name.bytes
        guard other.count == count else { return false }
        for index in 0..<count where bytes[index] != other[index] { return false }
        return true
    }
}

/// Counts timer ticks and NMIs; every other exception ends the machine after it was printed.
@c(sice_exception_hook)
public func handle(_ frame: UnsafeMutablePointer<sice_exception_frame>) -> Int32 {
    let vector = unsafe frame.pointee.vector
    if vector == LocalAPIC.timerVector {
        count(WorkMemory.ticks)
        LocalAPIC.endOfInterrupt()
        return 1
    }
    if vector == LocalAPIC.nonMaskableVector {
        count(WorkMemory.nonMaskable)
        return 1
    }
    if vector == LocalAPIC.spuriousVector { return 1 }
    return unsafe Traps.take(frame) ? 1 : 0
}

/// One more in this core's word of a table.
private func count(_ table: UInt64) {
    let counter = table + UInt64(LocalAPIC.identifier) * 8
    sice_write64(counter, sice_read64(counter) + 1)
}

/// An exception that nobody expected: the test fails.
@c(sice_fault_stop)
public func stopAfterFault() {
    sice_exit(0x13)
}

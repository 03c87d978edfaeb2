internal import CMachine
internal import CProbe
internal import SICEABI

/// A fault in the manager itself (invariant I8), which a debugger injects while this runs: in `RUN`, or in
/// `REPORT` when it signs.
enum FaultCase {
    static func run(_ results: inout Results) {
        do throws(ErrorCode) {
            LocalAPIC.enable()
            LocalAPIC.takeNMIsFromTheLine()
            let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_smash)
            let environment = try Environment(image)
            probe_set_state(WorkMemory.hostSave)
            RegisterCase.fillVectors()
            let first = compareState(&results, "run", Call(.run, environment.identifier))
            results.check("fault", "running", first == 0 || first == UInt64(ErrorCode.managerFault.rawValue))
            let scratch = WorkMemory.scratch
            let report = Call(
                .report, environment.identifier, scratch, scratch + ABI.pageSize,
                UInt64(ABI.maximumReportSize))
            results.check(
                "fault", "answer", expected: UInt64(ErrorCode.managerFault.rawValue),
                found: compareState(&results, "report", report))
            afterwards(environment, image, &results)
            results.metric("fault.signals", sice_read64(WorkMemory.nonMaskable), unit: "NMIs")
        } catch {
            results.check("fault", "setup", expected: 0, found: UInt64(error.rawValue))
        }
    }

    /// Sends a command and returns its error. No other state may change: not by the guest, not by the fault.
    private static func compareState(
        _ results: inout Results, _ name: StaticString, _ call: Call
    ) -> UInt64 {
        var before = HostState(repeating: 0)
        var after = HostState(repeating: 0)
        unsafe probe_load_vectors(UnsafePointer(bitPattern: UInt(WorkMemory.vectorsLoaded)))
        RegisterCase.readState(&before)
        let answer = call.sent()
        RegisterCase.readState(&after)
        unsafe probe_save_vectors(UnsafeMutablePointer(bitPattern: UInt(WorkMemory.vectorsFound)))
        var changed: UInt64 = 0
        for index in 0..<before.count where before[index] != after[index] { changed += 1 }
        results.check(name, "system", expected: 0, found: changed)
        results.check(name, "vectors", expected: 0, found: RegisterCase.vectorDifferences())
        let general =
            answer.error == 0
            ? answer.changedRegisters(from: call) : answer.changedRegistersAfterError(from: call)
        results.check(name, "general", expected: 0, found: general)
        return answer.error
    }

    /// The manager still says what happened, and does nothing else any more.
    private static func afterwards(
        _ environment: Environment, _ image: GuestImage, _ results: inout Results
    ) {
        let information = Information()
        results.check("fault", "info", expected: 0, found: information.error)
        results.check("fault", "keyIsGone", information.flags & PlatformFlags.reportKey == 0)
        results.refused("fault", "create", Call(.create, image.address), .managerFault)
        results.refused("fault", "runAgain", Call(.run, environment.identifier), .managerFault)
        results.refused("fault", "key", Call(.reportKey, WorkMemory.scratch), .managerFault)
        let status = Call(.status, 0, WorkMemory.scratch).sent()
        results.check("fault", "status", expected: 0, found: status.error)
        let state = sice_read8(WorkMemory.scratch + UInt64(EnvironmentRecordLayout.state))
        results.check("fault", "state", expected: UInt64(LifecycleState.dead.rawValue), found: UInt64(state))
        logTellsTheFault(&results)
    }

    private static func logTellsTheFault(_ results: inout Results) {
        let count = Call(.readLog, 0, WorkMemory.scratch).sent().registers.rbx
        var faults: UInt64 = 0
        for index in 0..<count {
            let entry = WorkMemory.scratch
            guard Call(.readLog, index, entry).sent().error == 0,
                sice_read16(entry + UInt64(LogEntryLayout.event)) == LogEvent.managerFault.rawValue
            else { continue }
            faults += 1
            results.metric(
                "fault.vector", sice_read64(entry + UInt64(LogEntryLayout.detail0)), unit: "vector")
        }
        results.check("fault", "logged", expected: 1, found: faults)
    }
}

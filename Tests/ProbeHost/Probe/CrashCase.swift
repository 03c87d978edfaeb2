internal import CProbe
internal import SICEABI

/// A guest that does what it may not is stopped with the right code and address, and only it.
enum CrashCase {
    static func run(_ results: inout Results) {
        let text = GuestImage.text
        crash(&results, "undefined", probe_guest_undefined, 6, text + 0x0C0)
        crash(&results, "divide", probe_guest_divide, 0, text + 0x109)
        // QEMU takes INT3 for a software interrupt (SVM_EXIT_SWINT), which a bare program may not use either.
        crash(&results, "breakpoint", probe_guest_breakpoint, CrashCode.forbiddenInstruction, nil)
        crash(&results, "pageFault", probe_guest_page_fault, 14, 0x4000_0000)
        crash(&results, "outside", probe_guest_outside, CrashCode.memoryMap, 0x4_0000)
        crash(&results, "writeText", probe_guest_write_text, CrashCode.memoryMap, text)
        crash(
            &results, "executeStack", probe_guest_execute_stack, CrashCode.memoryMap,
            GuestImage.data)
        crash(
            &results, "port", probe_guest_port, CrashCode.forbiddenInstruction, text + 0x240)
        crash(&results, "msr", probe_guest_msr, CrashCode.forbiddenInstruction, text + 0x3C5)
        crash(
            &results, "halt", probe_guest_halt, CrashCode.forbiddenInstruction, text + 0x400)
        crash(&results, "service", probe_guest_service, CrashCode.unknownService, 0x7777)
    }

    private static func crash(
        _ results: inout Results, _ name: StaticString, _ entry: Int, _ code: UInt64, _ address: UInt64?
    ) {
        do throws(ErrorCode) {
            let image = try GuestImage(at: WorkMemory.image, entry: entry)
            let environment = try Environment(image)
            let bystander = try Environment(
                GuestImage(at: WorkMemory.secondImage, entry: probe_guest_echo))
            let answer = environment.run()
            results.check(
                "crash.reason", name, expected: ExitReason.crashed.rawValue, found: answer.registers.rbx)
            results.check("crash.code", name, expected: code, found: answer.registers.rcx)
            if let address {
                results.check("crash.address", name, expected: address, found: answer.registers.rdx)
            }
            let record = Record(of: environment.identifier)
            results.check("crash.state", name, record?.state == LifecycleState.dead.rawValue)
            results.check("crash.record", name, record?.crashCode == code)
            results.refused("crash.again", name, Call(.run, environment.identifier), .wrongState)
            results.check("crash.bystander", name, expected: 1, found: bystander.run().registers.rcx)
            try environment.destroy()
            try bystander.destroy()
        } catch {
            results.check("crash.setup", name, expected: 0, found: UInt64(error.rawValue))
        }
    }
}

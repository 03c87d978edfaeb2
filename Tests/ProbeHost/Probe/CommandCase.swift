internal import CMachine
internal import CProbe
internal import SICEABI

/// Commands that must be refused, each with its exact error and with nothing changed.
enum CommandCase {
    static func run(_ results: inout Results) {
        let free = Information().freePages
        unknownCommands(&results)
        addresses(&results)
        do throws(ErrorCode) {
            try lifecycle(&results)
            try windows(&results)
            try outputs(&results)
            try tooMany(&results)
        } catch {
            results.check("commands", "setup", expected: 0, found: UInt64(error.rawValue))
        }
        results.check("commands", "freeAgain", expected: free, found: Information().freePages)
    }

    private static func unknownCommands(_ results: inout Results) {
        results.refused("unknown", "zero", Call(0), .unknownCommand)
        results.refused("unknown", "small", Call(99), .unknownCommand)
        results.refused("unknown", "large", Call(UInt64.max), .unknownCommand)
        results.refused("unknown", "highBits", Call(1 << 32 | Command.info.rawValue), .unknownCommand)
        results.refused("boot", "install", Call(.install, WorkMemory.scratch), .bootCommandClosed)
        results.refused("boot", "lock", Call(.lock), .bootCommandClosed)
        // Not a request at all: nothing changes, RAX included.
        var call = Call(.info)
        call.registers.rax = 0x1234_0000_00C5
        let before = call
        call.send()
        results.check("foreign", "rax", expected: before.registers.rax, found: call.registers.rax)
        results.check(
            "foreign", "registers", expected: 0, found: call.changedRegistersAfterError(from: before))
    }

    private static func addresses(_ results: inout Results) {
        let platform = Platform()
        let smram = platform.smramBase
        results.refused("create", "inSMRAM", Call(.create, smram), .addressInSMRAM)
        results.refused(
            "create", "lastOfSMRAM", Call(.create, smram + platform.smramSize - 4096), .addressInSMRAM)
        results.refused("create", "wraps", Call(.create, UInt64.max - 4095), .addressWraps)
        results.refused("create", "misaligned", Call(.create, WorkMemory.image + 1), .addressMisaligned)
        results.refused("create", "interruptController", Call(.create, 0xFEE0_0000), .addressOutsideRAM)
        results.refused("create", "flash", Call(.create, 0xFFFF_0000), .addressOutsideRAM)
        results.refused("create", "configuration", Call(.create, 0xB000_0000), .addressOutsideRAM)
        results.refused("create", "videoMemory", Call(.create, 0xA_0000), .addressOutsideRAM)
        results.refused("create", "beyondRAM", Call(.create, 1 << 39), .addressOutsideRAM)
        results.refused("create", "beyondPhysical", Call(.create, 1 << 52), .addressOutsideRAM)
        results.refused("reportKey", "inSMRAM", Call(.reportKey, smram), .addressInSMRAM)
        // The first byte is outside, a later one inside: the whole range counts.
        results.refused("reportKey", "reachesIntoSMRAM", Call(.reportKey, smram - 64), .addressInSMRAM)
        results.refused("reportKey", "wraps", Call(.reportKey, UInt64.max - 10), .addressWraps)
        results.refused("readLog", "inSMRAM", Call(.readLog, 0, smram), .addressInSMRAM)
        results.refused("status", "slot", Call(.status, 16, WorkMemory.scratch), .invalidArgument)
    }

    private static func lifecycle(_ results: inout Results) throws(ErrorCode) {
        let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_echo)
        let content = image.address + ABI.pageSize
        for number in Command.load.rawValue...Command.report.rawValue {
            results.refused("nobody", "zero", Call(number, 0, content, 1, 2048), .noSuchEnvironment)
            results.refused("nobody", "large", Call(number, UInt64.max, content, 1, 2048), .noSuchEnvironment)
        }
        let id = Call(.create, image.address).sent().registers.rbx
        results.refused("loading", "run", Call(.run, id), .wrongState)
        results.refused("loading", "attach", Call(.attach, id, 0, WorkMemory.window), .wrongState)
        results.refused("loading", "report", report(id), .wrongState)
        results.refused("loading", "seal", Call(.seal, id), .imageTruncated)
        results.refused("load", "none", Call(.load, id, content, 0), .invalidArgument)
        results.refused("load", "batch", Call(.load, id, content, 17), .invalidArgument)
        results.refused("load", "tooMuch", Call(.load, id, content, 5), .imageOversized)
        let platform = Platform()
        results.refused("load", "inSMRAM", Call(.load, id, platform.smramBase, 1), .addressInSMRAM)
        results.refused(
            "load", "reachesIntoSMRAM", Call(.load, id, platform.smramBase - 4096, 2), .addressInSMRAM)
        results.refused("load", "wraps", Call(.load, id, UInt64.max - 4095, 2), .addressWraps)
        results.check("load", "error", expected: 0, found: Call(.load, id, content, 4).sent().error)
        results.refused("load", "afterAll", Call(.load, id, content, 1), .imageOversized)
        results.check("seal", "error", expected: 0, found: Call(.seal, id).sent().error)
        results.refused("runnable", "load", Call(.load, id, content, 1), .wrongState)
        results.refused("runnable", "seal", Call(.seal, id), .wrongState)
        results.refused("runnable", "attach", Call(.attach, id, 0, WorkMemory.window), .wrongState)
        results.check("destroy", "error", expected: 0, found: Call(.destroy, id).sent().error)
        results.refused("absent", "run", Call(.run, id), .noSuchEnvironment)
        results.refused("absent", "destroy", Call(.destroy, id), .noSuchEnvironment)
    }

    private static func windows(_ results: inout Results) throws(ErrorCode) {
        let image = try GuestImage(
            at: WorkMemory.image, entry: probe_guest_window, windows: 2)
        let environment = try Environment(image)
        let id = environment.identifier
        let platform = Platform()
        results.refused("sealed", "run", Call(.run, id), .wrongState)
        results.refused("attach", "undeclared", Call(.attach, id, 2, WorkMemory.window), .windowNotDeclared)
        results.refused(
            "attach", "large", Call(.attach, id, UInt64.max, WorkMemory.window), .windowNotDeclared)
        results.refused("attach", "inSMRAM", Call(.attach, id, 0, platform.smramBase), .addressInSMRAM)
        results.refused(
            "attach", "reachesIntoSMRAM", Call(.attach, id, 0, platform.smramBase - 4096), .addressInSMRAM)
        results.refused("attach", "wraps", Call(.attach, id, 0, UInt64.max - 4095), .addressWraps)
        results.refused("attach", "devices", Call(.attach, id, 0, 0xFEC0_0000), .addressOutsideRAM)
        results.refused(
            "attach", "misaligned", Call(.attach, id, 0, WorkMemory.window + 8), .addressMisaligned)
        let first = Call(.attach, id, 0, WorkMemory.window).sent()
        results.check("attach", "first", expected: 1, found: first.registers.rbx)
        results.refused("attach", "again", Call(.attach, id, 0, WorkMemory.window), .windowAlreadyAttached)
        let second = Call(.attach, id, 1, WorkMemory.window + 0x2000).sent()
        results.check("attach", "second", expected: 0, found: second.registers.rbx)
        var sum: UInt64 = 0
        for index: UInt64 in 0..<512 {
            sice_write64(WorkMemory.window + index * 8, index * index)
            sum += index * index
        }
        let answer = environment.run()
        results.check("window", "reason", expected: ExitReason.yield.rawValue, found: answer.registers.rbx)
        results.check("window", "sum", expected: sum, found: answer.registers.rcx)
        results.check("window", "written", expected: sum, found: sice_read64(WorkMemory.window + 0x1000))
        try environment.destroy()
    }

    private static func report(_ id: UInt64, nonce: UInt64 = WorkMemory.scratch, size: UInt64 = 2048) -> Call
    {
        Call(.report, id, nonce, WorkMemory.scratch + 0x1000, size)
    }

    private static func outputs(_ results: inout Results) throws(ErrorCode) {
        let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_echo)
        let environment = try Environment(image)
        let id = environment.identifier
        let platform = Platform()
        results.refused("report", "nonceInSMRAM", report(id, nonce: platform.smramBase), .addressInSMRAM)
        results.refused(
            "report", "outputInSMRAM", Call(.report, id, WorkMemory.scratch, platform.smramBase, 2048),
            .addressInSMRAM)
        results.refused("report", "small", report(id, size: 16), .bufferTooSmall)
        let answer = report(id).sent()
        results.check("report", "error", expected: 0, found: answer.error)
        results.check("report", "tag", expected: 0xD2, found: UInt64(sice_read8(WorkMemory.scratch + 0x1000)))
        results.refused("readLog", "future", Call(.readLog, 1 << 40, WorkMemory.scratch), .invalidArgument)
        // Attacks are logged: after so many of them the first entry has made room.
        for _ in 0..<ABI.logCapacity { _ = Call(.create, platform.smramBase).sent() }
        results.refused("readLog", "gone", Call(.readLog, 0, WorkMemory.scratch), .logEntryGone)
        try environment.destroy()
    }

    /// The seventeenth environment is refused, and the others are not harmed.
    private static func tooMany(_ results: inout Results) throws(ErrorCode) {
        let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_echo)
        var identifiers = InlineArray<16, UInt64>(repeating: 0)
        for index in 0..<16 { identifiers[index] = try Environment(image).identifier }
        results.refused("create", "tooMany", Call(.create, image.address), .tooManyEnvironments)
        var failures: UInt64 = 0
        for index in 0..<16 {
            if Call(.run, identifiers[index]).sent().registers.rcx != 1 { failures += 1 }
            if Call(.destroy, identifiers[index]).sent().error != 0 { failures += 1 }
        }
        results.check("tooMany", "others", expected: 0, found: failures)
    }
}

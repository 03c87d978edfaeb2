internal import CProbe
internal import SICEABI

/// The manager answers, is locked, and runs one guest to its end.
enum InfoCase {
    /// A ROM with the insecure option works, and says what it is.
    static func runInsecure(_ results: inout Results) {
        let information = Information()
        results.check("insecure", "error", expected: 0, found: information.error)
        results.check("insecure", "flag", information.flags & PlatformFlags.insecureOption != 0)
    }

    static func run(_ results: inout Results) {
        let information = Information()
        results.check("info", "error", expected: 0, found: information.error)
        results.check("info", "version", expected: UInt64(ABI.version), found: information.version)
        results.check("info", "locked", information.flags & PlatformFlags.locked != 0)
        results.check("info", "standInROM", information.flags & PlatformFlags.standInROM != 0)
        results.check("info", "reportKey", information.flags & PlatformFlags.reportKey != 0)
        results.check(
            "info", "free", information.freePages > 0 && information.freePages <= information.poolPages)
        results.metric("pool.pages", information.poolPages, unit: "pages")
        results.metric("cores", information.cores, unit: "cores")
        do throws(ErrorCode) {
            let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_exit)
            let environment = try Environment(image)
            let answer = environment.run()
            results.check("run", "error", expected: 0, found: answer.error)
            results.check("run", "reason", expected: ExitReason.exited.rawValue, found: answer.registers.rbx)
            results.check("run", "status", expected: 0x5A, found: answer.registers.rcx)
            try environment.destroy()
        } catch {
            results.check("run", "error", expected: 0, found: UInt64(error.rawValue))
        }
        results.check("info", "freeAgain", expected: information.freePages, found: Information().freePages)
    }
}

internal import CMachine
internal import CProbe
internal import SICEABI

/// One page of the host's under two names (T23, T27): nothing says that it may not be, so nothing may come of it.
enum AliasAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                73, .environments, "aliased-windows", "T27",
                "a wrong answer, or a changed measurement, where windows of one or two environments are one page"
            ),
            windows)
        runner.attack(
            Attack(
                74, .environments, "communication-area-as-window", "T32",
                "a wrong answer or report where a window, a nonce or a report lies over the request words"),
            communicationArea)
    }

    /// The sum that `probe_guest_window` makes of a page.
    private static func sum(_ page: UInt64) -> UInt64 {
        var sum: UInt64 = 0
        for offset in stride(from: UInt64(0), to: 4096, by: 8) { sum &+= sice_read64(page + offset) }
        return sum
    }

    static func fill(_ page: UInt64, _ random: inout Random) {
        for offset in stride(from: UInt64(0), to: 8192, by: 8) { sice_write64(page + offset, random.next()) }
    }

    static func windowed(_ windows: UInt64 = 1) throws(ErrorCode) -> Environment {
        try Environment(
            GuestImage(at: WorkMemory.secondImage, entry: probe_guest_window, windows: windows))
    }

    static func attach(_ environment: Environment, _ index: UInt64, _ page: UInt64, _ attempt: inout Attempt)
    {
        attempt.expect(Call(.attach, environment.identifier, index, page).sent().error, is: 0, "attach")
    }

    private static func expectSum(_ environment: Environment, _ page: UInt64, _ attempt: inout Attempt) {
        let before = sice_read64(page + 4104)
        let answer = environment.run()
        attempt.expect(answer.registers.rbx, is: ExitReason.yield.rawValue, "reason")
        attempt.expect(answer.registers.rcx, is: sum(page), "sum")
        attempt.expect(sice_read64(page + 4096), is: answer.registers.rcx, "written")
        attempt.expect(sice_read64(page + 4104), is: before, "written-beside")
    }

    private static func windows(_ attempt: inout Attempt) {
        var random = Random(seed: attempt.seed)
        do throws(ErrorCode) {
            let first = try windowed(2)
            let second = try windowed()
            let measured = Record(of: second.identifier)?.measurement
            attach(first, 0, WorkMemory.window, &attempt)
            attach(first, 1, WorkMemory.window, &attempt)
            attach(second, 0, WorkMemory.window, &attempt)
            for _ in 0..<50 {
                fill(WorkMemory.window, &random)
                expectSum(first, WorkMemory.window, &attempt)
                expectSum(second, WorkMemory.window, &attempt)
            }
            attempt.expect(Record(of: second.identifier)?.measurement == measured, "measurement")
            // What one of them reads while it is loaded from there is the host's business; what runs was measured.
            try first.destroy()
            expectSum(second, WorkMemory.window, &attempt)
            attempt.expectReport(second, nonce: WorkMemory.window, to: WorkMemory.window + 0x800)
            expectSum(second, WorkMemory.window, &attempt)
            try second.destroy()
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }

    private static func communicationArea(_ attempt: inout Attempt) {
        let page = RequestWord.page
        let nonce = WorkMemory.target + 0x1000
        do throws(ErrorCode) {
            let environment = try windowed()
            attach(environment, 0, page, &attempt)
            for round: UInt64 in 0..<50 {
                for offset in stride(from: UInt64(0), to: 32, by: 8) {
                    sice_write64(nonce + offset, round << 32 | offset)
                }
                expectSum(environment, page, &attempt)
                // Over the words, the one of this very request among them.
                let report = ReportCheck(environment, nonce: nonce, to: page + 0x700 + round * 8)
                attempt.expect(report?.contains(nonce) ?? false, "report-nonce")
            }
            attempt.expectReport(environment, nonce: nonce, to: page + 0xA00)
            for offset in stride(from: UInt64(0), to: 4096, by: 8) { sice_write64(page + offset, 0) }
            // A word that lies in the window is still taken once.
            let call = Call(.info)
            RequestWord.store(call.registers.r8)
            attempt.expect(call.sentWithoutWord().error, is: 0, "word")
            let again = call.sentWithoutWord().error
            attempt.expect(again, is: UInt64(ErrorCode.requestNotAuthorized.rawValue), "served-twice")
            try environment.destroy()
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }
}

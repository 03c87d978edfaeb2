internal import CMachine
internal import CProbe
internal import SICEABI

/// Costs in instructions; means something only under -icount, where RDTSC counts them.
enum BenchCase {
    private static let rounds: UInt64 = 1000
    private static let ballast: UInt64 = 256

    static func run(_ results: inout Results) {
        let overhead = smallest { () -> UInt64 in
            let start = sice_rdtsc()
            return sice_rdtsc() - start
        }
        results.metric("rdtsc", overhead, unit: "instructions")
        results.metric("switch.floor", smallest { floor() }, unit: "instructions")
        do throws(ErrorCode) {
            let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_echo)
            let environment = try Environment(image)
            _ = environment.run()
            probe_point_round_trip()
            results.metric("switch.roundtrip", smallest { roundTrip(environment) }, unit: "instructions")
            probe_point_end()
            try environment.destroy()
            try measureLoading(&results)
        } catch {
            results.check("bench", "setup", expected: 0, found: UInt64(error.rawValue))
        }
    }

    /// An exit of an isolated core and its answer, on two cores that -icount lets run in turns: what both execute, with the
    /// looks of each until the other's turn ends.
    static func runMultiCore(_ results: inout Results) {
        do throws(ErrorCode) {
            results.check("bench", "started", expected: 1, found: Cores.start(1))
            Cores.begin(.hold)
            results.check("bench", "held", Cores.areHeld(1))
            let environment = try Environment(try GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
            var isolated = IsolatedRun(environment, core: 1)
            results.check("bench", "launch", expected: 0, found: isolated.launch())
            results.check("bench", "first", isolated.exit() != nil)
            probe_point_multi_core()
            results.metric("switch.multicore", smallest { exchange(&isolated) }, unit: "instructions")
            probe_point_end()
            // A core that had gone to sleep would have cost a signal as well.
            results.check("bench", "awake", isolated.state == ExchangeState.waiting.rawValue)
            results.check("bench", "stop", isolated.stop())
            try environment.destroy()
        } catch {
            results.check("bench", "setup", expected: 0, found: UInt64(error.rawValue))
        }
    }

    private static func exchange(_ isolated: inout IsolatedRun) -> UInt64 {
        let start = sice_rdtsc()
        isolated.answer(1)
        return isolated.exit() == nil ? UInt64.max : sice_rdtsc() - start
    }

    /// The smallest of many: the first ones translate code, and a timer of the emulator may hit any.
    private static func smallest(_ sample: () -> UInt64) -> UInt64 {
        var best = UInt64.max
        for _ in 0..<rounds {
            probe_point_sample()
            best = min(best, sample())
        }
        return best
    }

    /// An SMI that is not for the manager and returns at once.
    private static func floor() -> UInt64 {
        var call = Call(.info)
        call.registers.rax = 0xC5
        call.send()
        return call.registers.after - call.registers.before
    }

    private static func roundTrip(_ environment: Environment) -> UInt64 {
        let call = environment.run(1)
        return call.registers.after - call.registers.before
    }

    /// Loading and measuring, in thousandths of an instruction a byte; SHA-256 alone for comparison.
    private static func measureLoading(_ results: inout Results) throws(ErrorCode) {
        let image = try GuestImage(
            at: WorkMemory.image, entry: probe_guest_exit, ballast: ballast)
        let bytes = (image.contentPages + 1) * ABI.pageSize
        var best = UInt64.max
        probe_point_load()
        for _ in 0..<3 {
            probe_point_sample()
            let start = sice_rdtsc()
            let environment = try Environment(image)
            best = min(best, sice_rdtsc() - start)
            try environment.destroy()
        }
        probe_point_end()
        results.metric("load.per_byte", best * 1000 / bytes, unit: "milli-instructions")
        var alone = UInt64.max
        for _ in 0..<3 {
            let data = unsafe UnsafeRawPointer(bitPattern: UInt(image.address))
            alone = min(alone, unsafe probe_time_sha256(data, bytes))
        }
        results.metric("sha256.per_byte", alone * 1000 / bytes, unit: "milli-instructions")
    }
}

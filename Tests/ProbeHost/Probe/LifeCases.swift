internal import CMachine
internal import CProbe
internal import SICEABI

/// Two environments alive at once, run in turns: neither sees the other.
enum TwinCase {
    static func run(_ results: inout Results) {
        do throws(ErrorCode) {
            let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_echo)
            let first = try Environment(image)
            let second = try Environment(image)
            results.check("twins", "distinct", first.identifier != second.identifier)
            var wrong: UInt64 = 0
            if first.run().registers.rcx != 1 || second.run().registers.rcx != 1 { wrong += 1 }
            for round: UInt64 in 0..<500 {
                if first.run(round * 2).registers.rcx != round * 2 + 1 { wrong += 1 }
                if second.run(~round).registers.rcx != ~round &+ 1 { wrong += 1 }
            }
            results.check("twins", "answers", expected: 0, found: wrong)
            try first.destroy()
            results.check("twins", "survivor", expected: 8, found: second.run(7).registers.rcx)
            try second.destroy()
        } catch {
            results.check("twins", "setup", expected: 0, found: UInt64(error.rawValue))
        }
    }
}

/// Creating and destroying 1,000 times leaks no page and leaves nothing of one environment to the next.
enum ChurnCase {
    static func run(_ results: inout Results) {
        let free = Information().freePages
        var failures: UInt64 = 0
        var leaks: UInt64 = 0
        for round: UInt64 in 0..<1000 {
            do throws(ErrorCode) {
                let image = try GuestImage(
                    at: WorkMemory.image, entry: probe_guest_exit, ballast: round % 8)
                let environment = try Environment(image)
                // Every other one is destroyed while it could still run.
                if round % 2 == 0, environment.run().registers.rbx != ExitReason.exited.rawValue {
                    failures += 1
                }
                try environment.destroy()
            } catch {
                failures += 1
            }
            if Information().freePages != free { leaks += 1 }
        }
        results.check("churn", "failures", expected: 0, found: failures)
        results.check("churn", "leaks", expected: 0, found: leaks)
        abandon(&results, free: free)
    }

    /// Half-loaded environments give their pages back too.
    private static func abandon(_ results: inout Results, free: UInt64) {
        do throws(ErrorCode) {
            let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_exit)
            let created = Call(.create, image.address).sent()
            let id = created.registers.rbx
            results.check(
                "abandon", "load", expected: 3,
                found: Call(.load, id, image.address + 4096, 1).sent().registers.rbx)
            results.check("abandon", "destroy", expected: 0, found: Call(.destroy, id).sent().error)
            results.check("abandon", "free", expected: free, found: Information().freePages)
        } catch {
            results.check("abandon", "setup", expected: 0, found: UInt64(error.rawValue))
        }
    }
}

internal import CMachine
internal import CProbe
internal import SICEABI

/// A request is meant by who may ask: it carries a word that was just written to the communication area, and works once
/// (needs two cores).
enum RequestCase {
    static func run(_ results: inout Results) {
        words(&results)
        do throws(ErrorCode) {
            results.check("request", "started", expected: 1, found: Cores.start(1))
            otherCore(&results)
            try held(&results)
        } catch {
            results.check("request", "setup", expected: 0, found: UInt64(error.rawValue))
        }
    }

    private static func words(_ results: inout Results) {
        let used = Call(.info)
        results.check("request", "served", expected: 0, found: used.sent().error)
        results.refusedWithoutWord("usedTwice", used)
        results.refusedWithoutWord("neverWritten", Call(.info))
        var zero = Call(.info)
        zero.registers.r8 = 0
        RequestWord.store(0)
        results.refusedWithoutWord("zero", zero)
        let misplaced = Call(.info)
        RequestWord.store(misplaced.registers.r8, at: misplaced.registers.r8 + 1)
        results.refusedWithoutWord("otherSlot", misplaced)
        spoil(&results)
    }

    /// Who does not know the word in a slot does not take it away either.
    private static func spoil(_ results: inout Results) {
        let call = Call(.info)
        var wrong = call
        wrong.registers.r8 ^= 1 << 40
        RequestWord.store(call.registers.r8)
        results.refusedWithoutWord("wrong", wrong)
        results.check("request", "unspoilt", expected: 0, found: call.sentWithoutWord().error)
    }

    private static func otherCore(_ results: inout Results) {
        Cores.begin(.ask)
        results.check("request", "other", expected: 0, found: Cores.finish(only: 1) ?? UInt64.max)
        var call = Call(.info)
        call.registers.r8 = sice_read64(WorkMemory.foreignWord)
        results.refusedWithoutWord("wordOfAnotherCore", call)
    }

    /// A core that holds a request in its registers and raises no SMI: one that another core sends it is no request.
    private static func held(_ results: inout Results) throws(ErrorCode) {
        let environment = try Environment(try GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
        Cores.subject = environment.identifier
        Cores.begin(.holdRequest)
        results.check("request", "holding", Cores.areHeld(1))
        for _ in 0..<20 {
            Cores.pause(100_000)
            LocalAPIC.sendSMI(to: Cores.identifier(of: 1))
        }
        let refused = UInt64(ErrorCode.requestNotAuthorized.rawValue)
        results.check("request", "held", expected: refused, found: Cores.finish(only: 1) ?? UInt64.max)
        results.check("request", "unharmed", expected: 1, found: environment.run().registers.rcx)
        try environment.destroy()
    }
}

import SICEABI
import Testing

/// What a host in ring 0 can and cannot do to the manager, on the real machine model.
@Suite(.enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"), .serialized)
struct ProbeTests {
    /// Boots a case and requires that it ran to its end, that every check held, and that it made those named.
    private func expectAllHeld(
        _ name: String, cores: Int = 2, tseg: Int = 64, memory: Int = 2048, made: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Probe {
        let probe = try Probe(name, cores: cores, memory: memory, tseg: tseg)
        #expect(probe.failures == [], sourceLocation: sourceLocation)
        #expect(probe.status == Probe.allHeld, "\(probe.console)", sourceLocation: sourceLocation)
        #expect(probe.total?.checks == probe.checks.count, sourceLocation: sourceLocation)
        #expect(probe.total?.failures == 0, sourceLocation: sourceLocation)
        for check in made { #expect(probe.made(check), "\(check)", sourceLocation: sourceLocation) }
        return probe
    }

    @Test(arguments: [1, 2, 4, 8])
    func boot_withCores(_ cores: Int) throws {
        let probe = try expectAllHeld("info", cores: cores, made: ["info.locked", "run.status"])
        #expect(probe.metrics["cores"] == UInt64(cores))
    }

    /// What QEMU 7.2.22 lacks, as the payload found it out, unless it has the edits of tools/emulator. It disables breakpoints
    /// at SMM entry since 7.2.22.
    private static let emulated: [PostureClaim: PostureValue] = [
        .smmEntryLeavesGuestMode: mended, .smmEntryFlushesTranslations: mended,
        .smmEntryDisablesBreakpoints: .present, .smmExitFlushesTranslations: mended,
        .firstStageProtected: .absent,
    ]
    private static let mended: PostureValue = Artefacts.isEmulatorMended ? .present : .absent

    @Test(arguments: [1, 2, 8])
    func tryOut_whatThePlatformLacks(_ cores: Int) throws {
        let posture = try expectAllHeld("posture", cores: cores, made: ["posture.report"]).posture
        for (claim, value) in Self.emulated { #expect(posture[claim] == value, "\(claim)") }
        #expect(posture[.initRedirected] == (cores > 1 ? Self.mended : .unknown))
        // A race: seen or not, and with one core, or an emulator that has none, never.
        #expect(
            posture[.fpuRestoreIsCoreLocal] == .unknown
                || cores > 1 && !Artefacts.isEmulatorMended && posture[.fpuRestoreIsCoreLocal] == .absent)
        #expect(posture[.memoryClearedAtReset] == .unknown)
        #expect(posture[.smramLocked] == .present && posture[.bareMetal] == .absent)
    }

    @Test func find_markOfTheBootBeforeAReset() throws {
        let rom = try Artefacts.standardROM.get()
        let probe = try Probe("reset", rom: rom, options: ["--reboot"])
        #expect(probe.status == Probe.allHeld, "\(probe.console)")
        #expect(probe.posture[.memoryClearedAtReset] == .absent)
        // The reset is one: the platform is tried out again, and the same comes out.
        for (claim, value) in Self.emulated { #expect(probe.posture[claim] == value, "\(claim)") }
    }

    @Test(arguments: [(16, 1024), (256, 2048), (1024, 2048), (64, 5120)])
    func boot_withTSEG(_ tseg: Int, memory: Int) throws {
        let probe = try expectAllHeld(
            "info", tseg: tseg, memory: memory, made: ["info.locked", "run.status"])
        // The pool is the rest of TSEG: nearly all of it.
        let pages = try #require(probe.metrics["pool.pages"])
        #expect(pages > UInt64(tseg) * 256 * 7 / 8 - 256 && pages < UInt64(tseg) * 256)
    }

    @Test(arguments: [(64, 2048), (1024, 2048)])
    func hide_everyPageOfSMRAM(_ tseg: Int, memory: Int) throws {
        _ = try expectAllHeld(
            "smram", tseg: tseg, memory: memory,
            made: ["smram.read", "smram.readAfterWrite", "smram.readAfterOpening", "smram.managerAlive"])
    }

    @Test func reject_everyBadCommand() throws {
        let probe = try expectAllHeld(
            "commands",
            made: [
                "unknown.large", "create.inSMRAM", "create.wraps", "create.beyondRAM", "loading.run",
                "attach.undeclared", "attach.reachesIntoSMRAM", "readLog.gone", "create.tooMany",
                "commands.freeAgain",
            ])
        #expect(probe.checks.count >= 70)
    }

    @Test func reject_everyMalformedImage() throws {
        let probe = try expectAllHeld(
            "images",
            made: [
                "image.overlap", "image.writableCode", "image.tooLarge", "image.entryInData",
                "image.freeAgain",
            ])
        #expect(probe.checks.count >= 35)
    }

    @Test func keep_hostStateAcross10000Switches() throws {
        _ = try expectAllHeld(
            "registers",
            made: [
                "registers.answers", "registers.general", "registers.vectors", "registers.system",
                "registers.peek",
            ])
    }

    @Test func run_twoEnvironmentsAtOnce() throws {
        _ = try expectAllHeld("twins", made: ["twins.answers", "twins.survivor"])
    }

    @Test func leak_noPageIn1000Lifetimes() throws {
        _ = try expectAllHeld("churn", made: ["churn.failures", "churn.leaks", "abandon.free"])
    }

    @Test(arguments: [1, 2, 4, 8])
    func serve_allCoresAtOnce(_ cores: Int) throws {
        let probe = try expectAllHeld(
            "cores", cores: cores,
            made: ["cores.started", "cores.ownFailures", "cores.otherFailures", "cores.free"])
        #expect(probe.metrics["cores"] == UInt64(cores))
    }

    @Test func end_slicesByTheHostsTimerWithoutLoss() throws {
        _ = try expectAllHeld(
            "slices", made: ["slices.reason", "slices.lost", "slices.early", "slices.ticks"])
    }

    @Test func report_everyCrashWithCodeAndAddress() throws {
        let probe = try expectAllHeld(
            "crashes", made: ["crash.code.undefined", "crash.address.outside", "crash.bystander.pageFault"])
        #expect(probe.checks.count >= 70)
    }

    @Test func refuse_interruptControllerOverSMRAM() throws {
        _ = try expectAllHeld("apic", made: ["apic.refused", "apic.unchanged", "apic.after"])
    }

    @Test func touch_noLocalAPICThatWasMoved() throws {
        _ = try expectAllHeld(
            "moved-apic",
            made: [
                "launch.refused", "launch.memory", "kick.refused", "stop.refused", "stop.memory",
                "moved.stop",
            ])
    }

    @Test func refuse_requestsOfThoseWhoMayNotAsk() throws {
        _ = try expectAllHeld(
            "requests",
            made: [
                "request.usedTwice", "request.neverWritten", "request.zero", "request.otherSlot",
                "request.wrong",
                "request.unspoilt", "request.wordOfAnotherCore", "request.held", "request.unharmed",
            ])
    }

    @Test func isolate_coreWithExchangeAndMoves() throws {
        _ = try expectAllHeld(
            "multicore",
            made: [
                "exchange.answers", "exchange.sleeps", "moves.answers", "hammer.answer",
                "hammer.ticksMeanwhile",
                "multicore.hostState", "multicore.heldOff", "crash.code", "crash.coreAlive", "multicore.free",
            ])
    }

    @Test(arguments: [2, 4, 8])
    func isolate_everyOtherCore(_ cores: Int) throws {
        _ = try expectAllHeld(
            "many", cores: cores, made: ["many.answers", "many.stops", "many.failures", "many.free"])
    }

    @Test func deliver_everyNMIDuringAGuestOnce() throws {
        _ = try expectAllHeld("nmis", made: ["nmis.delivered", "nmis.wrongSlices", "nmis.exactlyOnce"])
    }

    @Test func endEverything_whenACoreIsThrownOutOfACommand() throws {
        let thrownOut = [
            "lostLock.told", "lostLock.asked", "lostLock.keyIsGone", "lostLock.run", "lostLock.dead",
        ]
        let held = ["lostLock.restarted", "lostLock.asked", "lostLock.keyStays", "lostLock.runs"]
        _ = try expectAllHeld("lostlock", made: Artefacts.isEmulatorMended ? held : thrownOut)
    }

    @Test func notice_isolatedCoreThrownOutOfSMM() throws {
        let thrownOut = ["thrown.dead", "thrown.code", "thrown.posted"]
        let held = ["thrown.worksOn", "thrown.noCode"]
        _ = try expectAllHeld(
            "thrown",
            made: ["thrown.stop", "thrown.restarted", "thrown.bystander"]
                + (Artefacts.isEmulatorMended ? held : thrownOut))
    }

    @Test func notice_coreThrownOutOfSMM() throws {
        let thrownOut = ["init.dead", "init.code", "init.again"]
        let held = ["init.worksOn", "init.alive", "init.noCode"]
        _ = try expectAllHeld(
            "init",
            made: ["init.running", "init.closed", "init.restarted", "init.free"]
                + (Artefacts.isEmulatorMended ? held : thrownOut))
    }
}

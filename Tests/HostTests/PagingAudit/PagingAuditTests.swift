import Diagnostics
import Installation
import MemoryForge
import SICEABI
import SVM
import Simulation
import Testing

@testable import PagingAudit

/// A machine that the project's own code made is clean, and each rule that is broken on purpose is found at its place.
@Suite struct PagingAuditTests {
    private func audit(_ machine: ForgedMachine) throws -> PagingAudit {
        try PagingAudit(machine.memory, manager: machine.manager)
    }

    @Test func clean_whatTheManagerMakes() throws {
        let audit = try audit(.sample())
        #expect(audit.findings == [])
        #expect(audit.text.last == "verdict: clean")
        #expect(audit.map.environments.map(\.slot) == [0, 1, 2])
        #expect(audit.map.environments.map(\.canRun) == [true, true, false])
        #expect(audit.map.environments.map { $0.image?.kind } == [.bareProgram, .linuxGuest, .bareProgram])
        #expect(audit.map.windows.map(\.slot) == [0])
        #expect(audit.map.windows.first?.mapping.physical == Simulation.Place.window)
    }

    /// Also beside environments that died, are gone, or leave in steps.
    @Test func clean_afterEnvironmentsCameAndWent() throws {
        let simulation = try Simulation()
        let first = try simulation.launch()
        let second = try simulation.launch(SampleImage(zeroPages: 200))
        _ = try simulation.launch()
        try simulation.destroy(first)
        try simulation.call(.destroy, rcx: second)
        _ = try simulation.launch(.linuxGuest())
        let audit = try audit(ForgedMachine(simulation))
        #expect(audit.findings == [])
        #expect(audit.map.environments.map(\.slot) == [0, 1, 2])
        #expect(audit.map.environments.map(\.canRun) == [true, false, true])
    }

    @Test func clean_beforeTheFirstEnvironment() throws {
        #expect(try audit(ForgedMachine(Simulation(isReady: false))).findings == [])
    }

    /// What a command looks at when the machine stops: a page of RAM, or the local APIC.
    @Test(arguments: [0x10_0000, 0x1_0000_0000, 0xFEE0_0000] as [UInt64])
    func clean_whileACommandMapsAPage(_ page: UInt64) throws {
        var machine = try ForgedMachine.sample()
        machine.memory.storeWord(page | 1 << 63 | 3, at: machine.plan.tablesBase + 4096)
        #expect(try audit(machine).findings == [])
    }

    @Test(arguments: Seed.all)
    func find_whatIsBroken(_ seed: Seed) throws {
        var machine = try ForgedMachine.sample()
        let expected = seed.make(&machine)
        let audit = try audit(machine)
        let found = audit.findings.map { Seed.Place($0.rule, $0.owner, $0.address) }
        #expect(found == expected, "\(audit.findings)")
        #expect(audit.text.last == "verdict: violated")
    }

    /// No rule without a seed.
    @Test func seeds_breakEveryRule() throws {
        var machine = try ForgedMachine.sample()
        let rules = Set(Seed.all.flatMap { $0.make(&machine) }.map(\.rule))
        #expect(rules == Set(AuditRule.allCases))
    }

    @Test func reject_whatIsNoSuchMachine() throws {
        let machine = try ForgedMachine.sample()
        let empty = #expect(throws: ToolError.self) {
            try PagingAudit(ForgedMemory(), manager: machine.manager)
        }
        #expect(empty?.code == .memoryUnusable)
        let other = #expect(throws: ToolError.self) {
            try PagingAudit(machine.memory, manager: machine.manager, smramSize: 32 << 20)
        }
        #expect(other?.code == .memoryUnusable)
    }

    /// An environment that writes a whole second SMRAM into its pages decides nothing.
    @Test func reject_twoPlacesThatLookLikeSMRAM() throws {
        var machine = try ForgedMachine.sample()
        let base = machine.plan.base + (32 << 20)
        let plan = try SMRAMPlan(base: base, size: 32 << 20, coreCount: 2, image: machine.manager.image)
        let handoff = UInt64(machine.manager.image.handoff)
        machine.memory.store(machine.manager.content, at: plan.imageBase)
        machine.memory.store(
            try machine.memory.read(HandoffLayout.size, at: machine.place(handoff)),
            at: plan.imageBase + handoff)
        for (offset, value) in [
            (HandoffLayout.tsegBase, plan.base), (HandoffLayout.tsegSize, plan.size),
            (HandoffLayout.poolBase, plan.poolBase), (HandoffLayout.poolPages, plan.poolPages),
            (HandoffLayout.metadataBase, plan.metadataBase), (HandoffLayout.metadataSize, plan.metadataSize),
            (HandoffLayout.hostMapTables, plan.tablesBase),
        ] { machine.memory.storeWord(value, at: plan.imageBase + handoff + UInt64(offset)) }
        let error = #expect(throws: ToolError.self) { try audit(machine) }
        #expect(
            error
                == ToolError(
                    .memoryUnusable, "several places look like SMRAM; --smram says which: 32 MiB, 64 MiB"))
        let told = try PagingAudit(machine.memory, manager: machine.manager, smramSize: 64 << 20)
        #expect(told.findings == [])
    }
}

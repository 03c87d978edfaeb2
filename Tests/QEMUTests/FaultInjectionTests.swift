import Foundation
import SICEABI
import Testing

/// Invariant I8, on the machine: a debugger makes the manager itself fault, and the host learns nothing but that.
@Suite(.enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"), .serialized)
struct FaultInjectionTests {
    /// Where the fault happens, and the vector that the run-time log must name.
    enum Injection: UInt64, CaseIterable {
        /// An undefined instruction while the report key is in use.
        case whileSigning = 6
        /// The stack runs into its guard page.
        case stackOverflow = 14
        /// The fault handler faults too; it cannot say where.
        case inTheFaultHandler = 0
    }

    @Test(arguments: Injection.allCases) func i8_faultLosesTheKeyAndNothingElse(
        _ injection: Injection
    ) async throws {
        let symbols = try Symbols(of: "manager.elf")
        let probe = try await run { debugger in
            try debugger.run(to: symbols["sice_key_sign"])
            switch injection {
            case .whileSigning: try debugger.set(.rip, to: try symbols.undefinedInstruction)
            case .stackOverflow:
                let block = try debugger.registers()[Debugger.Register.rsp.rawValue] & ~0xFFFF
                try debugger.set(.rsp, to: block + SMRAMLayout.stackBottom)
            case .inTheFaultHandler:
                try debugger.set(.rip, to: try symbols.undefinedInstruction)
                try debugger.run(to: symbols["sice_manager_fault"])
                try debugger.set(.rip, to: try symbols.undefinedInstruction)
            }
        }
        expectAllHeld(probe)
        #expect(probe.metrics["fault.vector"] == injection.rawValue)
        #expect(probe.metrics["fault.signals"] == 0)
    }

    /// The guest's registers are loaded at that moment; the host gets its own back.
    @Test func i8_faultInTheWorldSwitchGivesTheHostItsStateBack() async throws {
        let symbols = try Symbols(of: "manager.elf")
        let probe = try await run { debugger in
            try debugger.run(to: symbols["switch_guest_stopped"])
            try debugger.set(.rip, to: try symbols.undefinedInstruction)
        }
        expectAllHeld(probe)
        #expect(probe.metrics["fault.vector"] == 6)
    }

    /// An NMI for the host comes when a fault within a fault leaves, after a guest whose kernel lets NMIs in: the manager's
    /// own handler takes it between STGI and RSM, and the host gets it once.
    @Test func i8_signalOnTheWayOutOfADoubleFaultIsTheHosts() async throws {
        let symbols = try Symbols(of: "manager.elf")
        let undefined = try symbols.undefinedInstruction
        let probe = try await run { debugger in
            try debugger.run(to: symbols["sice_key_sign"])
            // What such a guest leaves behind, by CLGI and IRET in a function that is not needed any more.
            try debugger.write([0x0F, 0x01, 0xDD, 0x48, 0xCF], at: symbols["sice_key_make"])
            let stack = try debugger.registers()[Debugger.Register.rsp.rawValue]
            let frame = [undefined, 0x08, 0x02, stack, 0].flatMap { word in
                (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) }
            }
            try debugger.write(frame, at: stack - 64)
            try debugger.set(.rsp, to: stack - 64)
            try debugger.set(.rip, to: try symbols["sice_key_make"])
            try debugger.run(to: symbols["sice_manager_fault"])
            try debugger.monitor("nmi")
            try debugger.set(.rip, to: undefined)
        }
        expectAllHeld(probe)
        #expect(probe.metrics["fault.vector"] == 0)
        #expect(probe.metrics["fault.signals"] == 1)
    }

    private func run(_ inject: (Debugger) throws -> Void) async throws -> Probe {
        let socket = "/tmp/sice-\(UUID().uuidString.prefix(8))"
        async let probe = Probe("fault", cores: 1, options: ["--debugger", socket])
        try Debugger.attach(to: socket) { debugger in
            try inject(debugger)
            try debugger.detach()
        }
        return try await probe
    }

    private func expectAllHeld(_ probe: Probe, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(probe.failures == [], sourceLocation: sourceLocation)
        #expect(probe.status == Probe.allHeld, "\(probe.console)", sourceLocation: sourceLocation)
        for check in ["fault.answer", "fault.keyIsGone", "fault.state", "report.vectors", "report.system"] {
            #expect(probe.made(check), "\(check)", sourceLocation: sourceLocation)
        }
    }
}

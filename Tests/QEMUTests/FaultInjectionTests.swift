import Foundation
import SICEABI
import Testing

/// Invariant I8, on the machine: a debugger makes the manager itself fault, and the host learns nothing but that.
@Suite(.enabled(if: Artefacts.areReady, "\(Artefacts.condition)"), .serialized)
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
        let symbols = try Symbols()
        let probe = try await run { debugger in
            try debugger.run(to: symbols["sice_key_sign"])
            switch injection {
            case .whileSigning: try debugger.set(.rip, to: symbols.undefinedInstruction)
            case .stackOverflow:
                let block = try debugger.registers()[Debugger.Register.rsp.rawValue] & ~0xFFFF
                try debugger.set(.rsp, to: block + SMRAMLayout.stackBottom)
            case .inTheFaultHandler:
                try debugger.set(.rip, to: symbols.undefinedInstruction)
                try debugger.run(to: symbols["sice_manager_fault"])
                try debugger.set(.rip, to: symbols.undefinedInstruction)
            }
        }
        expectAllHeld(probe)
        #expect(probe.metrics["fault.vector"] == injection.rawValue)
    }

    /// The guest's registers are loaded at that moment; the host gets its own back.
    @Test func i8_faultInTheWorldSwitchGivesTheHostItsStateBack() async throws {
        let symbols = try Symbols()
        let probe = try await run { debugger in
            try debugger.run(to: symbols["switch_guest_stopped"])
            try debugger.set(.rip, to: symbols.undefinedInstruction)
        }
        expectAllHeld(probe)
        #expect(probe.metrics["fault.vector"] == 6)
    }

    private func run(_ inject: (Debugger) throws -> Void) async throws -> Probe {
        let socket = "/tmp/sice-\(UUID().uuidString.prefix(8))"
        async let probe = Probe("fault", cores: 1, options: ["--debugger", socket])
        let debugger = try Debugger(socket: socket)
        try inject(debugger)
        try debugger.detach()
        return try await probe
    }

    private func expectAllHeld(_ probe: Probe, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(probe.failures == [], sourceLocation: sourceLocation)
        #expect(probe.status == Probe.allHeld, "\(probe.console)", sourceLocation: sourceLocation)
        for check in ["fault.answer", "fault.keyIsGone", "fault.state", "report.vectors", "report.system"] {
            #expect(probe.made(check), "\(check)", sourceLocation: sourceLocation)
        }
    }

    /// Addresses in the manager.
    private struct Symbols {
        private var addresses: [String: UInt64] = [:]
        /// A UD2 of its own, such as a failed precondition ends in.
        let undefinedInstruction: UInt64

        init() throws {
            let elf = Artefacts.product("manager.elf").path
            for line in try Self.output(of: "llvm-nm", [elf]).split(separator: "\n") {
                let fields = line.split(separator: " ")
                guard fields.count == 3, let address = UInt64(fields[0], radix: 16) else { continue }
                addresses[String(fields[2])] = address
            }
            let code = try Self.output(of: "llvm-objdump", ["-d", "--no-show-raw-insn", elf])
            let line = code.split(separator: "\n").first { $0.hasSuffix("ud2") }
            let digits = line?.drop { $0 == " " }.prefix { $0 != ":" } ?? ""
            guard let address = UInt64(digits, radix: 16) else { throw HarnessError.unreadable(elf) }
            undefinedInstruction = address
        }

        subscript(_ name: String) -> UInt64 {
            get throws {
                guard let address = addresses[name] else { throw HarnessError.unreadable(name) }
                return address
            }
        }

        private static func output(of program: String, _ arguments: [String]) throws -> String {
            let result = try Command(URL(filePath: "/usr/bin/env"), [program] + arguments).run()
            guard result.status == 0 else { throw HarnessError.failed(program, result.errorText) }
            return result.output
        }
    }
}

internal import CMachine
internal import CProbe
internal import SICEABI

/// The local APIC's window laid over memory and devices that the manager must not touch for the host (needs two cores).
enum MovedWindowCase {
    private static let baseRegister: UInt32 = 0x1B
    /// RAM, memory that is hidden from the host, the TPM's registers, the neighbour page. (QEMU's register keeps 32 bits.)
    private static let places: InlineArray<4, UInt64> = [
        WorkMemory.window, 0x3_0000, 0xFED4_0000, 0xFEE0_1000,
    ]

    static func run(_ results: inout Results) {
        do throws(ErrorCode) {
            results.check("moved", "started", expected: 1, found: Cores.start(1))
            Cores.begin(.hold)
            results.check("moved", "held", Cores.areHeld(1))
            let environment = try Environment(try GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
            let id = environment.identifier
            var isolated = IsolatedRun(environment, core: 1)
            let core = UInt64(Cores.identifier(of: 1))
            refuse("launch", Call(.launch, id, core, WorkMemory.exchange + ABI.pageSize), &results)
            results.check("moved", "launch", expected: 0, found: isolated.launch())
            results.check("moved", "exit", expected: 1, found: isolated.exit()?.first ?? 0)
            refuse("kick", Call(.kick, id), &results)
            refuse("stop", Call(.stop, id), &results)
            isolated.answer(5)
            results.check("moved", "answer", expected: 6, found: isolated.exit()?.first ?? 0)
            results.check("moved", "stop", isolated.stop())
            results.check("moved", "hostState", expected: 0, found: Cores.letGo(1) ?? UInt64.max)
            try environment.destroy()
        } catch {
            results.check("moved", "setup", expected: 0, found: UInt64(error.rawValue))
        }
    }

    /// The command fails with the window at each place, and nothing there changes.
    private static func refuse(_ name: StaticString, _ call: Call, _ results: inout Results) {
        let original = sice_rdmsr(baseRegister)
        for index in 0..<places.count {
            let place = places[index]
            if place == WorkMemory.window { sice_clear_words(place, 512) }
            let before = commandWords(at: place)
            sice_wrmsr(baseRegister, place | original & 0xFFF)
            let answer = call.sent()
            sice_wrmsr(baseRegister, original)
            results.check(
                name, "refused", expected: UInt64(ErrorCode.coreUnreachable.rawValue), found: answer.error)
            results.check(
                name, "registers", expected: 0, found: answer.changedRegistersAfterError(from: call))
            results.check(name, "memory", expected: before, found: commandWords(at: place))
        }
    }

    /// What would be the interrupt command register; of hidden memory the host sees nothing.
    private static func commandWords(at place: UInt64) -> UInt64 {
        UInt64(sice_read32(place + 0x310)) << 32 | UInt64(sice_read32(place + 0x300))
    }
}

internal import CMachine
internal import CProbe
internal import Firmware
internal import SICEABI

/// Addresses where there is no memory of the host, to every command that takes one (T02).
enum AddressAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                44, .commands, "addresses-of-devices", "T02",
                "a command that takes an address of a device, of flash or of nothing, or another error than E0203"
            ),
            devices)
        runner.attack(
            Attack(
                45, .commands, "windows-over-arguments", "T05",
                "a manager that fails, a wrong report, or SMRAM that shows, where a device covers an argument"
            ),
            covered)
    }

    /// Where QEMU's Q35 has devices: VGA, the hole for PCI, firmware hub and flash, and beyond all memory.
    private static let fixed: InlineArray<19, UInt64> = [
        0xA_0000, 0xB_8000, 0xB000_0000, 0xC000_0000, 0xD000_0000, 0xE000_0000, 0xFEC0_0000, 0xFED0_0000,
        0xFED1_C000,
        0xFED4_0000, 0xFEE0_0000, 0xFEE0_1000, 0xFF00_0000, 0xFFC0_0000, 0xFFFF_0000, 1 << 32, 1 << 39,
        1 << 51, 0xFFFF_FFFF_FFFE_0000,
    ]

    /// Environments that each command needs.
    private struct Cast {
        let runnable: Environment
        let sealed: Environment
        let loading: UInt64

        init() throws(ErrorCode) {
            runnable = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
            sealed = try Environment(
                GuestImage(at: WorkMemory.secondImage, entry: probe_guest_window, windows: 1))
            loading = Call(.create, WorkMemory.image).sent().registers.rbx
        }

        func destroy() throws(ErrorCode) {
            try runnable.destroy()
            try sealed.destroy()
            try Environment(existing: loading).destroy()
        }
    }

    private static func devices(_ attempt: inout Attempt) {
        do throws(ErrorCode) {
            let cast = try Cast()
            for index in fixed.indices { refuse(fixed[index], cast, &attempt) }
            refuse(Platform.found.smramBase + Platform.found.smramSize, cast, &attempt)
            refuseMoved(cast, &attempt)
            for before: UInt64 in 1..<32 { refuseBytes(0xA_0000 - before, cast, &attempt) }
            try cast.destroy()
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }

    /// Windows that the host moves, each at another place in the hole.
    private static func refuseMoved(_ cast: Cast, _ attempt: inout Attempt) {
        let memory = PCIFunction.memoryController
        let kept = memory.read32(0x60)
        memory.write32(0x60, 0xC000_0001)
        refuse(0xC000_0000, cast, &attempt)
        memory.write32(0x60, kept)
        let bridge = PCIFunction.lpcBridge
        let root = bridge.read32(0xF0)
        bridge.write32(0xF0, 0xC800_0001)
        refuse(0xC800_0000, cast, &attempt)
        bridge.write32(0xF0, root)
        let original = sice_rdmsr(0x1B)
        sice_wrmsr(0x1B, 0xCC00_0000 | original & 0xFFF)
        refusePages(0xCC00_0000, cast, &attempt)
        sice_wrmsr(0x1B, original)
        refuse(0xCC00_0000, cast, &attempt)
    }

    private static func refuse(_ page: UInt64, _ cast: Cast, _ attempt: inout Attempt) {
        refusePages(page, cast, &attempt)
        refuseBytes(page, cast, &attempt)
        refuseBytes(page + 24, cast, &attempt)
    }

    private static func refusePages(_ page: UInt64, _ cast: Cast, _ attempt: inout Attempt) {
        refused(Call(.create, page), &attempt)
        refused(Call(.load, cast.loading, page, 1), &attempt)
        refused(Call(.load, cast.loading, page, 4), &attempt)
        refused(Call(.attach, cast.sealed.identifier, 0, page), &attempt)
        refused(Call(.launch, cast.runnable.identifier, 1, page), &attempt)
    }

    private static func refuseBytes(_ address: UInt64, _ cast: Cast, _ attempt: inout Attempt) {
        let environment = cast.runnable.identifier
        refused(Call(.report, environment, address, WorkMemory.target, 2048), &attempt)
        refused(Call(.report, environment, WorkMemory.scratch, address, 2048), &attempt)
        refused(Call(.reportKey, address), &attempt)
        refused(Call(.readLog, 0, address), &attempt)
        refused(Call(.status, 0, address), &attempt)
        refused(Call(.logBase, address), &attempt)
    }

    private static func refused(_ call: Call, _ attempt: inout Attempt) {
        let answer = call.sent()
        attempt.expect(
            answer.error == UInt64(ErrorCode.addressOutsideRAM.rawValue), "taken",
            call.registers.rbx << 32 | answer.error)
        attempt.expect(answer.changedRegistersAfterError(from: call), is: 0, "registers-after-error")
    }

    /// Memory of the host's, over which it lays a window of a device, then names it.
    private static func covered(_ attempt: inout Attempt) {
        let place: UInt64 = 0x2000_0000
        do throws(ErrorCode) {
            let cast = try Cast()
            let memory = PCIFunction.memoryController
            let kept = memory.read32(0x60)
            memory.write32(0x60, UInt32(place) | 2 << 1 | 1)
            // The chipset itself, which no answer may be written over; then a bus without devices.
            read(place, cast, &attempt)
            read(place + 0x100_0000, cast, &attempt)
            write(place + 0x100_0000, cast, &attempt)
            memory.write32(0x60, kept)
            let bridge = PCIFunction.lpcBridge
            let root = bridge.read32(0xF0)
            bridge.write32(0xF0, UInt32(place) | 1)
            read(place, cast, &attempt)
            write(place + 0x1000, cast, &attempt)
            bridge.write32(0xF0, root)
            let original = sice_rdmsr(0x1B)
            sice_wrmsr(0x1B, place | original & 0xFFF)
            answered(Call(.create, place), &attempt)
            answered(
                Call(.report, cast.runnable.identifier, place, WorkMemory.target, ReportCheck.size), &attempt)
            attempt.expect(SMRAMAttacks.magicIsHidden, "visible")
            sice_wrmsr(0x1B, original)
            attempt.expect(cast.runnable.run().registers.rcx, is: 1, "harmed")
            try cast.destroy()
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }

    private static func answered(_ call: Call, _ attempt: inout Attempt) {
        let answer = call.sent()
        attempt.expect(answer.error != Call.noAnswer, "no-answer", call.registers.rbx)
        attempt.expect(answer.error != UInt64(ErrorCode.managerFault.rawValue), "fault", call.registers.rbx)
    }

    private static func read(_ place: UInt64, _ cast: Cast, _ attempt: inout Attempt) {
        let created = Call(.create, place).sent()
        attempt.expect(created.error, is: UInt64(ErrorCode.imageBadMagic.rawValue), "created")
        let fresh = Call(.create, WorkMemory.image).sent().registers.rbx
        answered(Call(.load, fresh, place, 1), &attempt)
        try? Environment(existing: fresh).destroy()
        attempt.expectReport(cast.runnable, nonce: place, to: WorkMemory.target)
        attempt.expect(SMRAMAttacks.magicIsHidden, "visible")
    }

    private static func write(_ place: UInt64, _ cast: Cast, _ attempt: inout Attempt) {
        answered(
            Call(.report, cast.runnable.identifier, WorkMemory.scratch, place, ReportCheck.size), &attempt)
        answered(Call(.reportKey, place), &attempt)
        answered(Call(.readLog, 0, place), &attempt)
        answered(Call(.status, 0, place), &attempt)
        answered(Call(.logBase, place), &attempt)
        attempt.expect(SMRAMAttacks.magicIsHidden, "visible")
    }
}

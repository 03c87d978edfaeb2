internal import CMachine
internal import CProbe
internal import Firmware
internal import SICEABI

/// Windows of devices that the host may move, laid over what the manager uses (T05).
enum WindowAttacks {
    private static let baseRegister: UInt32 = 0x1B

    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                20, .windows, "apic-over-smram", "T05",
                "a command answered, or a register changed, while the local APIC covers a page of SMRAM"),
            overSMRAM)
        runner.attack(
            Attack(
                21, .windows, "apic-over-own-block", "T05",
                "a core that comes back from an SMI whose stub, stack or save state the local APIC covers",
                .spoilt),
            overOwnBlock)
        runner.attack(
            Attack(
                22, .windows, "apic-over-ram", "T02",
                "memory of the host that a launch or a stop wrote to because the local APIC's base is there"),
            overRAM)
        runner.attack(
            Attack(
                23, .windows, "ecam-over-smram", "T05",
                "a manager that read or wrote configuration space instead of SMRAM"),
            configurationSpace)
        runner.attack(
            Attack(
                24, .windows, "bars-over-smram", "T05",
                "a manager that read or wrote a device instead of SMRAM"),
            bars)
        runner.attack(
            Attack(
                25, .windows, "root-complex-over-smram", "T05",
                "a manager that read or wrote the bridge's registers instead of SMRAM"),
            rootComplex)
    }

    /// Blocks of the other cores and the whole of image, tables and metadata; then samples of the pool.
    private static func overSMRAM(_ attempt: inout Attempt) {
        let platform = Platform.found
        let original = sice_rdmsr(baseRegister)
        var offset = SMRAMLayout.coreBlockStride
        while offset < platform.smramSize {
            cover(platform.smramBase + offset, original, &attempt)
            offset += offset < 0x20_0000 ? 4096 : 0x1F_F000
        }
        cover(platform.smramBase + platform.smramSize - 4096, original, &attempt)
        attempt.expectManager()
    }

    private static func cover(_ address: UInt64, _ original: UInt64, _ attempt: inout Attempt) {
        sice_wrmsr(baseRegister, address | original & 0xFFF)
        let call = Call(.info)
        let answer = call.sent()
        sice_wrmsr(baseRegister, original)
        attempt.expect(answer.error, is: Call.noAnswer, "answered")
        attempt.expect(answer.changedRegistersAfterError(from: call), is: 0, "registers")
    }

    /// The other core never comes back; it is thrown out, and the manager must be as good as before. Where INIT waits, it is lost
    /// until the next boot: one page of the block, by the seed.
    private static func overOwnBlock(_ attempt: inout Attempt) {
        let platform = Platform.found
        let isHeld = Posture.holdsInit
        attempt.expect(OtherCore.begin(.touchSMRAM) && OtherCore.finish() == 0, "core-start")
        let pages: InlineArray<5, UInt64> = [
            SMRAMLayout.entryPage, SMRAMLayout.stackTop - 4096, SMRAMLayout.coreDataPage,
            SMRAMLayout.saveStatePage, SMRAMLayout.faultStackBottom,
        ]
        for index in pages.indices where !isHeld || index == Int(attempt.seed % UInt64(pages.count)) {
            let block = platform.smramBase + SMRAMLayout.coreBlockStride
            attempt.expect(OtherCore.begin(.coverAndAsk, block + pages[index]), "core-start")
            attempt.expect(!OtherCore.isDoneSoon(), "came-back", pages[index])
            if !isHeld { attempt.expect(OtherCore.restart(), "core-restart") }
            attempt.expectManager()
        }
    }

    /// The manager signals another core through the window; a window over memory would make it write there.
    private static func overRAM(_ attempt: inout Attempt) {
        let original = sice_rdmsr(baseRegister)
        attempt.expect(OtherCore.begin(.flip, WorkMemory.target, 0), "core-start")
        let victim = OtherCore.identifier
        _ = OtherCore.stop()
        for place: UInt64 in 0..<8 {
            let base = WorkMemory.target + place * 4096
            for offset in stride(from: UInt64(0), to: 4096, by: 8) { sice_write64(base + offset, 0x5A5A) }
            do throws(ErrorCode) {
                let environment = try Environment(
                    GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
                sice_clear_words(WorkMemory.exchange, UInt64(ExchangeLayout.size / 8))
                sice_wrmsr(baseRegister, base | original & 0xFFF)
                _ = Call(.launch, environment.identifier, UInt64(victim), WorkMemory.exchange).sent()
                _ = Call(.kick, environment.identifier).sent()
                _ = Call(.stop, environment.identifier).sent()
                sice_wrmsr(baseRegister, original)
                settle(environment, victim)
            } catch { attempt.failed("setup", error) }
            for offset in stride(from: UInt64(0), to: 4096, by: 8) {
                attempt.expect(sice_read64(base + offset), is: 0x5A5A, "written")
            }
        }
        attempt.expectManager()
    }

    /// Gets rid of an environment whose core may or may not have heard of its launch.
    private static func settle(_ environment: Environment, _ victim: UInt32) {
        for _ in 0..<10_000 {
            let answer = Call(.stop, environment.identifier).sent()
            if answer.error != 0 || answer.registers.rbx == 0 { break }
            LocalAPIC.sendSMI(to: victim)
            Cores.pause(1000)
        }
        try? environment.destroy()
    }

    /// PCIEXBAR with its three lengths at every place that can cover SMRAM.
    private static func configurationSpace(_ attempt: inout Attempt) {
        let memory = PCIFunction.memoryController
        let kept = memory.read32(0x60)
        for length: UInt32 in 0...2 {
            let alignment: UInt64 = (256 << 20) >> UInt64(length)
            let base = Platform.found.smramBase & ~(alignment - 1)
            // Everything of the attacker's is below 128 MiB.
            guard base >= 128 << 20 else { continue }
            memory.write32(0x60, UInt32(truncatingIfNeeded: base) | length << 1 | 1)
            if base >= Platform.found.smramBase {
                attempt.expectManager()
            } else {
                // The communication area is covered too, so that a request has no word; nothing worse may happen.
                attempt.expect(Call(.info).sent().error != UInt64(ErrorCode.managerFault.rawValue), "fault")
            }
            attempt.expect(SMRAMAttacks.magicIsHidden, "visible")
            memory.write32(0x60, kept)
            attempt.expectManager()
        }
    }

    /// Every base register of every device, over every page kind.
    private static func bars(_ attempt: inout Attempt) {
        let platform = Platform.found
        let places: InlineArray<5, UInt64> = [0, SMRAMLayout.managerOffset, 0x10_0000, 0x20_0000, 0x200_0000]
        for device: UInt32 in 1...31 {
            for function: UInt32 in 0...7 {
                let pci = PCIFunction(device: device, function: function)
                guard pci.read32(0) & 0xFFFF != 0xFFFF else { continue }
                for index in places.indices { cover(platform.smramBase + places[index], by: pci, &attempt) }
            }
        }
    }

    private static func cover(_ address: UInt64, by pci: PCIFunction, _ attempt: inout Attempt) {
        let command = pci.read16(4)
        for register: UInt32 in stride(from: 0x10, to: 0x28, by: 4) {
            let kept = pci.read32(register)
            pci.write32(register, UInt32.max)
            let size = pci.read32(register)
            // A base register of memory that exists.
            guard size != 0, size & 1 == 0 else {
                pci.write32(register, kept)
                continue
            }
            pci.write32(register, UInt32(truncatingIfNeeded: address))
            pci.write16(4, command | 2)
            attempt.expectManager()
            attempt.expect(SMRAMAttacks.magicIsHidden, "visible")
            pci.write16(4, command)
            pci.write32(register, kept)
        }
    }

    /// RCBA of the LPC bridge: 16 KiB anywhere below 4 GiB.
    private static func rootComplex(_ attempt: inout Attempt) {
        let bridge = PCIFunction.lpcBridge
        let kept = bridge.read32(0xF0)
        var offset: UInt64 = 0
        while offset < 0x40_0000 {
            bridge.write32(0xF0, UInt32(truncatingIfNeeded: Platform.found.smramBase + offset) | 1)
            attempt.expectManager()
            attempt.expect(SMRAMAttacks.magicIsHidden, "visible")
            offset += 0x4000
        }
        bridge.write32(0xF0, kept)
        attempt.expectManager()
    }
}

extension SMRAMAttacks {
    /// Whether the manager's image shows at its place.
    static var magicIsHidden: Bool {
        let address = Platform.found.smramBase + SMRAMLayout.managerOffset
        let low = UInt64(sice_read32(address)) | UInt64(sice_read32(address + 4)) << 32
        return low != ManagerImageLayout.magicValue
    }
}

internal import CMachine
internal import Firmware
internal import SICEABI

/// SMRAM seen from outside (T01, T04): read, written, executed, opened.
enum SMRAMAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                1, .smram, "read", "T01", "a byte of SMRAM that is not 0xFF, at any width or alignment"),
            read)
        runner.attack(
            Attack(
                2, .smram, "write", "T01", "a page of SMRAM that changed, or a manager that no longer answers"
            ),
            write)
        runner.attack(
            Attack(
                3, .smram, "open", "T01",
                "SMRAM shows its contents after a write to the SMRAM control register"),
            open)
        runner.attack(
            Attack(
                4, .smram, "undecode", "T01", "SMRAM shows its contents after a write to TSEG's registers"),
            undecode)
        runner.attack(
            Attack(5, .smram, "execute", "T04", "code in SMRAM that runs without an SMI"),
            execute)
        runner.attack(
            Attack(6, .smram, "other-core", "T01", "SMRAM read, written or executed by another core"),
            otherCore)
        runner.attack(
            Attack(7, .smram, "default-smbase", "T19", "the hidden area at 0x30000 read or written"),
            defaultBase)
        runner.attack(
            Attack(8, .smram, "attribute-map", "T01", "SMRAM visible under a value of the PAM registers"),
            attributeMap)
    }

    /// A page at a time, so that every page is read at each width, at moving alignments, and across its end.
    private static func read(_ attempt: inout Attempt) {
        let platform = Platform.found
        var page = platform.smramBase
        let end = platform.smramBase + platform.smramSize
        var shift: UInt64 = 0
        while page < end {
            expectHidden(page + shift, &attempt)
            if page + 4096 < end { expectHidden(page + 4096 - 1 - shift % 7, &attempt) }
            shift = (shift + 521) % 4000
            page += 4096
        }
        edges(platform, &attempt)
    }

    /// The last bytes before SMRAM and the first after it are the host's own, also where one access covers both.
    private static func edges(_ platform: Platform, _ attempt: inout Attempt) {
        for before: UInt64 in 1...7 {
            let address = platform.smramBase - before
            let kept = sice_read64(platform.smramBase - 8)
            sice_write64(platform.smramBase - 8, 0)
            let word = sice_read64(address)
            sice_write64(platform.smramBase - 8, kept)
            let inside = before == 8 ? 0 : UInt64.max << (before * 8)
            attempt.expect(word & inside == inside || word & inside == 0, "lower-edge", word)
        }
    }

    private static func expectHidden(_ address: UInt64, _ attempt: inout Attempt) {
        attempt.expect(UInt64(sice_read8(address)), is: 0xFF, "byte")
        attempt.expect(UInt64(sice_read16(address)), is: 0xFFFF, "word")
        attempt.expect(UInt64(sice_read32(address)), is: 0xFFFF_FFFF, "long")
        let quad = sice_read64(address)
        // The model of the chipset answers no more than 32 bits at a time.
        attempt.expect(quad == UInt64.max || quad == 0, "quad", quad)
    }

    private static func write(_ attempt: inout Attempt) {
        let platform = Platform.found
        let before = Information().freePages
        var offset: UInt64 = 0
        while offset < platform.smramSize {
            sice_write64(platform.smramBase + offset, 0)
            sice_write32(platform.smramBase + offset + 4092, 0xCCCC_CCCC)
            sice_write16(platform.smramBase + offset + 2047, 0x9090)
            sice_write8(platform.smramBase + offset + 512, 0xF4)
            attempt.expect(UInt64(sice_read32(platform.smramBase + offset)), is: 0xFFFF_FFFF, "read-back")
            offset += 4096
        }
        let after = Information()
        attempt.expect(after.error, is: 0, "manager")
        attempt.expect(after.freePages, is: before, "pool")
    }

    /// SMRAM.D_OPEN, D_CLS, D_LCK, G_SMRAME and the base field: every value.
    private static func open(_ attempt: inout Attempt) {
        tryAll(register: 0x9D, &attempt)
    }

    /// ESMRAMC with T_EN and TSEG_SZ, QEMU's size of TSEG and its control of the default SMBASE.
    private static func undecode(_ attempt: inout Attempt) {
        tryAll(register: 0x9E, &attempt)
        tryAll(register: 0x9C, &attempt)
        tryAll(register: 0x50, &attempt)
        tryAll(register: 0x51, &attempt)
    }

    private static func tryAll(register: UInt32, _ attempt: inout Attempt) {
        let memory = PCIFunction.memoryController
        let platform = Platform.found
        let kept = memory.read8(register)
        for value in UInt8.min...UInt8.max {
            memory.write8(register, value)
            let seen = visible(platform)
            memory.write8(register, kept)
            attempt.expect(seen == nil, "visible", seen ?? 0)
        }
        attempt.expect(UInt64(memory.read8(register)), is: UInt64(kept), "register-changed")
        attempt.expect(Information().error, is: 0, "manager")
    }

    /// The first place, of those that matter, whose contents show: stub, save state, manager, pool, default SMBASE.
    static func visible(_ platform: Platform) -> UInt64? {
        let places: InlineArray<6, UInt64> = [
            SMRAMLayout.entryPage, SMRAMLayout.saveStatePage + 0xF00, SMRAMLayout.managerOffset,
            SMRAMLayout.managerOffset + 0x4000, 0x20_0000, platform.smramSize - 4096,
        ]
        for index in places.indices where sice_read32(platform.smramBase + places[index]) != UInt32.max {
            return platform.smramBase + places[index]
        }
        return nil
    }

    /// 0xFF is no instruction: what is fetched from outside faults as undefined, at each place alike.
    private static func execute(_ attempt: inout Attempt) {
        let platform = Platform.found
        var offset: UInt64 = 0
        while offset < platform.smramSize {
            attempt.expect(Traps.run(platform.smramBase + offset) ?? 0xFF, is: 6, "executed")
            attempt.expect(Traps.run(platform.smramBase + offset + 0xFFE) ?? 0xFF, is: 6, "executed-across")
            offset += 4096
        }
    }

    static func touchEveryPage(_ attempt: inout Attempt) {
        read(&attempt)
        write(&attempt)
        execute(&attempt)
    }

    private static func otherCore(_ attempt: inout Attempt) {
        let pages = Platform.found.smramSize / 4096
        attempt.expect(OtherCore.begin(.touchSMRAM), "core-start")
        let found = OtherCore.finish()
        for _ in 0..<pages { attempt.expect(found == 0, "other-core", found ?? UInt64.max) }
    }

    private static func defaultBase(_ attempt: inout Attempt) {
        for offset in stride(from: UInt64(0), to: BootMemory.hiddenSize, by: 4) {
            let address = BootMemory.defaultSMBASE + offset
            attempt.expect(UInt64(sice_read32(address)), is: 0xFFFF_FFFF, "read")
            sice_write32(address, 0x90AA_0F90)
            attempt.expect(UInt64(sice_read32(address)), is: 0xFFFF_FFFF, "written")
        }
    }

    /// PAM0 to PAM6 say who answers below 1 MiB; no value of theirs may move or open what is above.
    private static func attributeMap(_ attempt: inout Attempt) {
        let memory = PCIFunction.memoryController
        for register: UInt32 in 0x90...0x96 {
            let kept = memory.read8(register)
            for value in UInt8.min...UInt8.max {
                memory.write8(register, value)
                let seen = visible(Platform.found)
                let hidden = sice_read32(BootMemory.defaultSMBASE + 0x8000) == UInt32.max
                memory.write8(register, kept)
                attempt.expect(seen == nil && hidden, "visible", seen ?? BootMemory.defaultSMBASE)
            }
        }
        attempt.expect(Information().error, is: 0, "manager")
    }
}

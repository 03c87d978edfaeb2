import Installation
import SICEABI
import Testing

/// SMRAM as the payload leaves it for the manager.
@Suite struct SMRAMInstallerTests {
    struct Installed {
        var memory = SparseMemory()
        var plan: SMRAMPlan
        var root: UInt64 = 0

        init(base: UInt64, size: UInt64, cores: Int) throws {
            let file = SampleImage().bytes
            let image = try ManagerImage(file.span)
            plan = try SMRAMPlan(base: base, size: size, coreCount: cores, image: image)
            var handoff = ManagerHandoff()
            try handoff.addRAM(base: 0x10_0000, size: base - 0x10_0000)
            handoff.flags = HandoffFlags.standInROM
            handoff.findings.record(.initRedirected, .absent)
            handoff.findings.record(.smmExitFlushesTranslations, .present)
            let cleared = ClearedSMRAM(base: plan.base, size: plan.size, in: &memory)
            try SMRAMInstaller.install(
                file.span, image, plan: plan, handoff: handoff, into: cleared, &memory)
            root = UInt64(word32(stubParameter(StubParametersLayout.pageTableRoot, core: 0)))
        }

        func stubParameter(_ offset: Int, core: Int) -> UInt64 {
            plan.smbase(ofCore: core) + SMRAMLayout.entryPage + 0x40 + UInt64(offset)
        }

        func word32(_ address: UInt64) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(memory.byte(at: address + UInt64($1))) << UInt32($1 * 8) }
        }

        func word64(_ address: UInt64) -> UInt64 {
            UInt64(word32(address)) | UInt64(word32(address + 4)) << 32
        }
    }

    static let places: [(UInt64, UInt64, Int)] = [
        (0x7F00_0000, 16 << 20, 1), (0x7C00_0000, 64 << 20, 4), (0x4000_0000, 1 << 30, 8),
        (0x3FF0_0000, 1 << 30, 2), (0x7E70_0000, 24 << 20, 3), (0xC000_0000, 1 << 30, 8),
    ]

    @Test(arguments: places) func i2_nothingIsWritableAndExecutable(
        base: UInt64, size: UInt64, cores: Int
    ) throws {
        let installed = try Installed(base: base, size: size, cores: cores)
        for mapping in mappings(under: installed.root, in: installed.memory) {
            #expect(!(mapping.writable && mapping.executable), "\(mapping)")
        }
    }

    @Test(arguments: places) func i2_exactlyTheIntendedRangesAreMapped(
        base: UInt64, size: UInt64, cores: Int
    ) throws {
        let installed = try Installed(base: base, size: size, cores: cores)
        let plan = installed.plan
        let direct = ManagerImageLayout.directMapBase
        var expected: [Mapping] = []
        func expect(_ virtual: UInt64, _ physical: UInt64, _ size: UInt64, _ rights: String) {
            expected.append(
                Mapping(
                    virtual: virtual, physical: physical, size: size, writable: rights == "rw",
                    executable: rights == "rx"))
        }
        for core in 0..<cores {
            let entry = plan.smbase(ofCore: core) + 0x8000
            expect(entry, entry, 0x1000, "rx")
        }
        expect(0x40_0000_0000, plan.imageBase, 0x2000, "rx")
        expect(0x40_0000_2000, plan.imageBase + 0x2000, 0x1000, "r")
        expect(0x40_0000_3000, plan.imageBase + 0x3000, 0xD000, "rw")
        for core in 0..<cores {
            let block = plan.smbase(ofCore: core)
            for (offset, bytes) in [(0x1000, 0x6000), (0xA000, 0x1000), (0xC000, 0x2000)]
                as [(UInt64, UInt64)]
            {
                expect(direct + block + offset, block + offset, bytes, "rw")
            }
            expect(direct + block + 0xF000, block + 0xF000, 0x1000, "rw")
        }
        expect(direct + plan.tablesBase, plan.tablesBase, 0x8000, "rw")
        let end = plan.poolBase + plan.poolPages * 4096
        expect(direct + plan.metadataBase, plan.metadataBase, end - plan.metadataBase, "rw")
        #expect(mappings(under: installed.root, in: installed.memory) == expected)
    }

    @Test(arguments: places) func everyPartLiesInSMRAMAndNonOverlaps(
        base: UInt64, size: UInt64, cores: Int
    ) throws {
        let plan = try Installed(base: base, size: size, cores: cores).plan
        #expect(plan.imageBase == base + 0x8_0000)
        #expect(plan.imageBase + 0x1_0000 <= plan.tablesBase)
        #expect(plan.tablesBase + 32 * 4096 <= plan.metadataBase)
        #expect(plan.metadataSize >= plan.poolPages * 5)
        #expect(plan.metadataBase + plan.metadataSize <= plan.poolBase)
        #expect(plan.poolBase % 4096 == 0)
        #expect(plan.poolBase + plan.poolPages * 4096 <= base + size)
        #expect(plan.poolBase + (plan.poolPages + 2) * 4096 > base + size, "pages are wasted")
    }

    @Test func i2_hostMappingTablesAreEmptyAndReachable() throws {
        var installed = try Installed(base: 0x7C00_0000, size: 64 << 20, cores: 2)
        let before = mappings(under: installed.root, in: installed.memory)
        installed.memory.storeWord(0x1234_5000 | 1 | 1 << 63, at: installed.plan.tablesBase + 4096 + 16)
        let after = mappings(under: installed.root, in: installed.memory)
        let added = after.filter { !before.contains($0) }
        #expect(
            added == [
                Mapping(
                    virtual: 0xC0_0020_2000, physical: 0x1234_5000, size: 4096, writable: false,
                    executable: false)
            ])
    }

    @Test func oldContentsOfSMRAMAreGone() throws {
        let installed = try Installed(base: 0x7C00_0000, size: 64 << 20, cores: 2)
        #expect(installed.memory.word(at: installed.plan.poolBase) == 0)
        #expect(installed.memory.word(at: 0x8000_0000 - 8) == 0)
        #expect(installed.memory.byte(at: 0x8000_0000) == 0xA5, "memory after TSEG was touched")
        #expect(installed.memory.byte(at: 0x7C00_0000 - 1) == 0xA5, "memory before TSEG was touched")
    }

    @Test func eachStubKnowsItsCore() throws {
        let installed = try Installed(base: 0x7C00_0000, size: 64 << 20, cores: 3)
        for core in 0..<3 {
            let block = 0x7C00_0000 + UInt64(core) * 0x1_0000
            func field(_ offset: Int) -> UInt64 { installed.stubParameter(offset, core: core) }
            #expect(installed.word32(field(StubParametersLayout.core)) == UInt32(core))
            #expect(installed.word64(field(StubParametersLayout.entry64)) == 0x40_0000_1234)
            #expect(installed.word64(field(StubParametersLayout.stackTop)) == 0x80_0000_7000 + block)
            #expect(installed.word32(field(StubParametersLayout.smramBase)) == 0x7C00_0000)
            #expect(installed.word32(field(StubParametersLayout.smramSize)) == 64 << 20)
            #expect(installed.word32(field(StubParametersLayout.blockAddress)) == UInt32(block))
            #expect(installed.word32(field(StubParametersLayout.efer)) == 0x1900)
            #expect(installed.word32(field(StubParametersLayout.tablePointerBase)) == UInt32(block + 0x8090))
            #expect(installed.word32(field(StubParametersLayout.longModeTarget)) == UInt32(block + 0x8080))
        }
    }

    @Test func coreDataDescribesTheFaultStack() throws {
        let installed = try Installed(base: 0x7C00_0000, size: 64 << 20, cores: 2)
        let data: UInt64 = 0x7C01_A000
        let virtual: UInt64 = 0x80_7C01_A000
        #expect(installed.word64(data + 0x202) == virtual + 0x210)
        let low = installed.word64(data + 0x228)
        let base = (low >> 16 & 0xFF_FFFF) | (low >> 56) << 24 | installed.word64(data + 0x230) << 32
        #expect(base == virtual + 0x240)
        #expect(low & 0xFFFF == 103)
        #expect(low >> 40 & 0xFF == 0x89)
        #expect(installed.word64(data + 0x240 + 36) == 0x80_7C01_E000)
        #expect(installed.word64(data + 0x2B0) == 0x7C01_0000)
        #expect(installed.word32(data + 0x2D0) == 1)
    }

    @Test func handoffTellsThePlan() throws {
        let installed = try Installed(base: 0x7C00_0000, size: 64 << 20, cores: 2)
        let handoff = installed.plan.imageBase + 0x5000
        func field(_ offset: Int) -> UInt64 { installed.word64(handoff + UInt64(offset)) }
        #expect(field(HandoffLayout.magic) == HandoffLayout.magicValue)
        #expect(field(HandoffLayout.tsegBase) == 0x7C00_0000)
        #expect(field(HandoffLayout.tsegSize) == 64 << 20)
        #expect(field(HandoffLayout.poolBase) == installed.plan.poolBase)
        #expect(field(HandoffLayout.poolPages) == installed.plan.poolPages)
        #expect(field(HandoffLayout.metadataBase) == installed.plan.metadataBase)
        #expect(field(HandoffLayout.hostMapTables) == installed.plan.tablesBase)
        #expect(field(HandoffLayout.coreCount) == UInt64(HandoffFlags.standInROM) << 32 | 2)
        // Bits 7 and 17 were tried, 17 is present.
        #expect(field(HandoffLayout.postureTried) == 0x2_0000 << 32 | 0x2_0080)
        #expect(field(HandoffLayout.ramRanges) == 0x10_0000)
    }
}

internal import CMachine
internal import CProbe
internal import SICEABI

extension InitAttacks {
    private static let page: UInt64 = 0x72
    private static let stored = page << 12 + 0x800
    /// Offset of what follows an exception in real mode: CLI, HLT.
    private static let handler: UInt64 = 0x400

    /// A core that INIT left waiting for SIPI gets an SMI first. If it takes that, SIPI finds it in SMM.
    static func startUpInside(_ attempt: inout Attempt) {
        attempt.expect(Cores.start(1), is: 1, "core-start")
        let victim = Cores.identifier(of: 1)
        writeThief()
        var random = Random(seed: attempt.seed)
        for _ in 0..<1000 where !attempt.isBroken {
            sice_write64(stored, 0)
            LocalAPIC.sendInit(to: victim)
            Cores.pause(1000)
            LocalAPIC.sendSMI(to: victim)
            Cores.pause(Int(random.next(below: 200)))
            LocalAPIC.sendStartUp(page: UInt32(page), to: victim)
            Cores.pause(2000)
            expectUnread(&attempt)
        }
        attempt.expectManager()
    }

    private static func expectUnread(_ attempt: inout Attempt) {
        let seen = UInt64(sice_read32(stored))
        attempt.expect(seen == 0 || seen == 0xFFFF_FFFF, "smram-read", seen)
    }

    /// mov %ds:SMRAM's manager, %eax, which a core outside of SMM cannot reach (#GP, or bytes of nobody); mov %eax, %cs:0x800.
    private static func writeThief() {
        let start = page << 12
        sice_write16(start, 0x6667)
        sice_write8(start + 2, 0xA1)
        sice_write32(start + 3, UInt32(Platform.found.smramBase + SMRAMLayout.managerOffset))
        sice_write32(start + 7, 0x00A3_2E66)
        sice_write32(start + 10, 0xF4FA_0800)
        sice_write16(start + handler, 0xF4FA)
        for vector: UInt64 in 0..<32 {
            sice_write32(vector * 4, UInt32(page << 24 | handler))
        }
    }
}

import ManagerCore
import SICEABI
import Simulation
import Testing

@Suite struct BootCommandTests {
    typealias Place = Simulation.Place

    @Test func install_givesThePublicKeyOnce() throws {
        let s = try Simulation(isReady: false)
        #expect(throws: ErrorCode.noReportKey) { try s.call(.reportKey, rcx: Place.output) }
        try s.call(.install, rcx: Place.output)
        let key = s.read(Place.output, 65)
        #expect(key[0] == 4 && key[1...].contains { $0 != 0 })
        #expect(throws: ErrorCode.wrongState) { try s.call(.install, rcx: Place.output) }
        try s.call(.reportKey, rcx: Place.output + 100)
        #expect(s.read(Place.output + 100, 65) == key)
        #expect(s.machine.hasKey)
    }

    @Test func install_withoutEntropyMakesNoKey() throws {
        let s = try Simulation(isReady: false)
        s.machine.hasEntropy = false
        #expect(throws: ErrorCode.noEntropy) { try s.call(.install, rcx: Place.output) }
        #expect(throws: ErrorCode.noReportKey) { try s.call(.reportKey, rcx: Place.output) }
        #expect(throws: ErrorCode.notInstalled) { try s.call(.lock) }
    }

    @Test func reject_bootCommandsAfterLock() throws {
        let s = try Simulation()
        #expect(throws: ErrorCode.bootCommandClosed) { try s.call(.install, rcx: Place.output) }
        #expect(throws: ErrorCode.bootCommandClosed) { try s.call(.lock) }
    }

    @Test func reject_environmentsBeforeLock() throws {
        let s = try Simulation(isReady: false)
        for command in [Command.create, .load, .seal, .attach, .run, .destroy, .report] {
            #expect(throws: ErrorCode.notInstalled) { try s.call(command, rcx: 1) }
        }
        #expect(try s.call(.info).rdi & PlatformFlags.locked == 0)
    }

    @Test(arguments: [PostureClaim.tsegEnabled, .smramLocked, .smramClosed])
    func reject_lockOfUnprotectedSMRAM(_ claim: PostureClaim) throws {
        for value in [PostureValue.absent, .unknown] {
            let s = try Simulation(isReady: false)
            try s.call(.install, rcx: Place.output)
            s.machine.postures[claim] = value
            #expect(throws: ErrorCode.bootPostureFailed) { try s.call(.lock) }
            #expect(throws: ErrorCode.notInstalled) { try s.call(.create, rcx: Place.image) }
        }
    }

    @Test func insecureOptionLocksWithoutKey() throws {
        let s = try Simulation(flags: HandoffFlags.insecureOption | HandoffFlags.standInROM, isReady: false)
        try s.call(.lock)
        let flags = try s.call(.info).rdi
        #expect(
            flags == PlatformFlags.locked | PlatformFlags.insecureOption | PlatformFlags.standInROM)
        let id = try s.launch()
        s.write([UInt8](repeating: 1, count: 32), at: Place.nonce)
        #expect(throws: ErrorCode.noReportKey) {
            try s.call(.report, rcx: id, rdx: Place.nonce, rsi: Place.output, rdi: 4096)
        }
    }

    @Test func info_tellsThePlatform() throws {
        let s = try Simulation(poolPages: 600, cores: 3)
        let answer = try s.call(.info)
        #expect(
            answer.rbx == UInt64(ABI.version) && answer.rcx == 600 && answer.rdx == 598 && answer.rsi == 3)
        #expect(answer.rdi == PlatformFlags.locked | PlatformFlags.reportKey)
    }

    @Test func reject_unknownCommands() throws {
        let s = try Simulation()
        for number: UInt64 in [0, 16, 99, 0x102, 1 << 32 | 1, .max] {
            #expect(throws: ErrorCode.unknownCommand) {
                try s.call(.init(rax: ABI.requestMagic, rbx: number))
            }
        }
    }

    @Test func ignore_requestsThatAreNotForTheManager() throws {
        let s = try Simulation()
        for rax: UInt64 in [0, 0xC5, ABI.requestMagic ^ 1 << 63, ABI.responseMagic] {
            var registers = HostRegisters(rax: rax, rbx: 1, rcx: 2, rdx: 3, rsi: 4, rdi: 5)
            let before = registers
            #expect(s.handle(&registers, on: 0) == .resumeHost)
            #expect(registers == before)
        }
    }

    @Test func ignore_coresThatDoNotExist() throws {
        let s = try Simulation(cores: 2)
        for core in [2, 5, 7] {
            var registers = HostRegisters(rax: ABI.requestMagic, rbx: Command.info.rawValue)
            #expect(s.handle(&registers, on: core) == .resumeHost)
            #expect(registers.rax == ABI.requestMagic)
        }
    }
}

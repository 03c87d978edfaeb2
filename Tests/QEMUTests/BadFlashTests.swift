import Foundation
import SICEABI
import Testing

/// Flash whose file system, manager or tables are damaged.
@Suite(.enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"), .serialized)
struct BadFlashTests {
    /// The stand-in ROM itself ended the machine.
    private static let stoppedByROM: Int32 = 0x7F << 1 | 1

    /// Damage to the flash's structure that the ROM's own walk meets before the payload is started.
    enum Structure: CaseIterable {
        case brokenHeader, overlappingFiles, missingSignature, areaOutsideOfTheFlash

        func damage(_ rom: inout ChangedROM) throws {
            switch self {
            case .brokenHeader: rom.store(UInt32.max, at: try rom.header("sice/next") + 20)
            case .overlappingFiles:
                let size = try rom.header("sice/manager") + 8
                rom.store(rom.word(at: size) + 0x1000, at: size)
            case .missingSignature: rom.flip(try rom.header("sice/next"))
            case .areaOutsideOfTheFlash:
                // "COREBOOT" in the flash map, behind offset and size; the size's highest byte.
                let name = Data(rom.bytes).firstRange(of: Data("COREBOOT\0".utf8))
                guard let name else { throw HarnessError.unreadable("flash map") }
                rom.flip(name.lowerBound - 1, by: 0x80)
            }
        }
    }

    @Test(arguments: Structure.allCases) func reject_damagedStructure(_ structure: Structure) throws {
        var rom = try ChangedROM()
        try structure.damage(&rom)
        let probe = try Probe("info", rom: try rom.write())
        let last = probe.console.split(whereSeparator: \.isNewline).last
        #expect(last == "sice: rom: SICE-E0\(ErrorCode.bootBadCBFS.rawValue)", "\(probe.console)")
        #expect(probe.status == Self.stoppedByROM)
        #expect(!probe.console.contains("sice: payload"))
    }

    /// Any byte of the manager; nothing of it may run then, since a damaged one could hang the machine.
    @Test(arguments: ROMKind.allCases, [0, 0x40, 0x2345, 57_343])
    func reject_changedManager(_ kind: ROMKind, offset: Int) throws {
        var rom = try ChangedROM(Artefacts.standardOptions + kind.options)
        rom.flip(try rom.location("sice/manager").lowerBound + offset)
        try expectStop(.bootBadCBFS, rom: try rom.write())
    }

    @Test func reject_changedWorkload() throws {
        let image = Artefacts.product("workloads/signer.image")
        var rom = try ChangedROM(Artefacts.standardOptions + ["--workload", image.path])
        rom.flip(try rom.location("sice/workload").upperBound - 1)
        try expectStop(.bootBadCBFS, rom: try rom.write())
    }

    /// A file that was never a manager, or that wants more memory than one may have.
    @Test(
        arguments: [
            (ManagerImageLayout.magic, 1), (ManagerImageLayout.memorySize + 3, 0x40),
            (ManagerImageLayout.textEnd, 1), (ManagerImageLayout.entry64 + 3, 1),
            (ManagerImageLayout.handoff + 2, 0xFF),
        ] as [(Int, UInt8)])
    func reject_managerHeader(_ offset: Int, _ mask: UInt8) throws {
        var bytes = try Data(contentsOf: Artefacts.product("manager.bin"))
        bytes[offset] ^= mask
        try expectStop(.bootBadManagerImage, rom: try rom(manager: bytes))
    }

    @Test(arguments: [1, 4096, 4 << 20]) func reject_managerThatIsTooLarge(_ more: Int) throws {
        var bytes = try Data(contentsOf: Artefacts.product("manager.bin"))
        bytes.append(Data(repeating: 0, count: more))
        try expectStop(.bootBadManagerImage, rom: try rom(manager: bytes))
    }

    private func rom(manager: Data) throws -> URL {
        let file = Artefacts.temporary.appending(path: "\(UUID().uuidString).bin")
        try manager.write(to: file)
        return try Artefacts.assemble([
            "--manager", file.path, "--next", Artefacts.product("probe.elf").path,
        ])
    }
}

internal import Diagnostics
internal import Flashing
internal import Foundation
internal import MachineRunner
internal import Reference
internal import SICEABI

/// Where the parts of a machine under attack come from.
public struct AttackParts: Sendable {
    /// Folder with `payload.elf`, `manager.bin`, `bootblock.bin`.
    public var firmware: String
    /// The attacker's ELF file, which takes the place of the legacy host.
    public var attacker: String
    /// A coreboot ROM to flash; nil for the stand-in.
    public var rom: String?

    public init(firmware: String, attacker: String, rom: String?) {
        self.firmware = firmware
        self.attacker = attacker
        self.rom = rom
    }

    /// Writes the ROM. Throws what flashing throws, `fileMissing`, `programFailed`, `programMissing`.
    func assemble(to path: String) throws(ToolError) {
        if let rom {
            var plan = FlashPlan(payload: "\(firmware)/payload.elf", manager: "\(firmware)/manager.bin")
            plan.next = attacker
            return try OutputFile.write(Flasher().flash(ROM(rom), path: rom, plan), to: path)
        }
        let log = "\(path).log"
        let status = try Program.run(
            Clone.path("tools/rom/assemble"),
            [
                path, "--payload", "\(firmware)/payload.elf", "--manager", "\(firmware)/manager.bin",
                "--next", attacker,
            ], log: log)
        guard status == 0 else { throw ToolError(.programFailed, "tools/rom/assemble; see \(log)") }
    }
}

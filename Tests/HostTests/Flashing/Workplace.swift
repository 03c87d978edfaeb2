import Diagnostics
import Flashing
import Foundation
import Reference
import SICEABI
import Testing

/// A folder with a small ROM, made by coreboot's own tools, and with what goes into it.
final class Workplace {
    let folder = FileManager.default.temporaryDirectory.path + "/sice-flashing-\(UUID().uuidString)"
    let plan: FlashPlan

    /// - Parameters:
    ///   - configuration: coreboot's; nil for a ROM that does not say.
    ///   - ownPayload: arguments of cbfstool for the ROM's own payload; nil for none.
    init(
        configuration: String? = SampleFiles.configuration, ownPayload: [String]? = ["-c", "none"],
        size: Int = 0x8_0000
    ) throws {
        plan = FlashPlan(payload: folder + "/payload.elf", manager: folder + "/manager.bin")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try write(SampleFiles.program(0x3000, fill: 0xA1, at: 0x300_0000), "payload.elf")
        try write(SampleFiles.program(0x5000, fill: 0xB2), "own.elf")
        try write(SampleFiles.program(0x2000, fill: 0xC3), "next.elf")
        try write(SampleFiles.manager, "manager.bin")
        try write([UInt8](repeating: 0xD4, count: 0x1000), "bootblock")
        let areas = "FLASH \(size) {\n FMAP@0 0x1000\n COREBOOT(CBFS)@0x1000 \(size - 0x1000)\n}\n"
        try write(Array(areas.utf8), "flash.fmd")
        try run("fmaptool", ["flash.fmd", "flash.fmap"])
        try run("cbfstool", ["rom", "create", "-M", "flash.fmap"])
        if let configuration {
            try write(Array(configuration.utf8), "config")
            try add(["-f", "config", "-n", "config", "-t", "raw", "-c", "LZMA"])
        }
        if let ownPayload {
            try run(
                "cbfstool", ["rom", "add-payload", "-f", "own.elf", "-n", "fallback/payload"] + ownPayload)
        }
        try add(["-f", "bootblock", "-n", "bootblock", "-t", "bootblock", "-b", "\(size - 0x1000 - 0x1000)"])
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func add(_ arguments: [String]) throws { try run("cbfstool", ["rom", "add"] + arguments) }

    func write(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(filePath: folder + "/" + name))
    }

    /// The ROM as coreboot's build would leave it.
    var rom: [UInt8] { get throws { try [UInt8](Data(contentsOf: URL(filePath: folder + "/rom"))) } }

    func flash(_ rom: [UInt8], _ plan: FlashPlan? = nil) throws(ToolError) -> [UInt8] {
        try Flasher().flash(ROM(rom, path: "rom"), path: "rom", plan ?? self.plan)
    }

    func unflash(_ rom: [UInt8]) throws(ToolError) -> [UInt8] { try compared(rom).bytes }

    /// The ROM without the manager, and how it compares with the one before.
    func compared(_ rom: [UInt8]) throws(ToolError) -> UnflashedROM {
        try Flasher().unflash(ROM(rom, path: "rom"), path: "rom")
    }

    /// What coreboot's tool makes of a ROM, as somebody with a shell would.
    func change(_ rom: [UInt8], _ commands: [String]...) throws -> [UInt8] {
        try write(rom, "changed")
        for command in commands { try run("cbfstool", ["changed"] + command) }
        return try [UInt8](Data(contentsOf: URL(filePath: folder + "/changed")))
    }

    /// The error that flashing ends with; nil when it works.
    func error(_ rom: [UInt8], _ plan: FlashPlan? = nil) -> ToolError? {
        do throws(ToolError) {
            _ = try flash(rom, plan)
            return nil
        } catch { return error }
    }

    private func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(program) \(arguments)")
    }
}

extension ROM {
    /// Names of the files, in the order of the flash.
    var names: [String] { get throws { try files().map(\.name) } }
}

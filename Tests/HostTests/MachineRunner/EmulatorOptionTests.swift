import Diagnostics
import Foundation
import Glibc
import SICEABI
import Testing

@testable import MachineRunner

/// Paths of a person's choice, in options of programs that give some characters a meaning.
@Suite struct EmulatorOptionTests {
    @Test func commasAreDoubled() {
        #expect(EmulatorOption(["file": "/a,b,,c", "id": "x"]).text == "file=/a,,b,,,,c,id=x")
        #expect(EmulatorOption("socket", ["path": ",", "logfile": ""]).text == "socket,path=,,,logfile=")
        #expect(EmulatorOption(["file": "/a=b #c\"d'e:f"]).text == "file=/a=b #c\"d'e:f")
    }

    /// Only the disk's path is the person's, and what follows it stays a part of it.
    @Test func configuration_writesNoPathUnescaped() throws {
        let configuration = MachineConfiguration(rom: "rom", folder: "a,b#c")
        let arguments = configuration.arguments(
            rom: "/r,om", disk: "/x,readonly=off,file=/dev/sda", port: 1)
        let drive = try #require(arguments.firstIndex(of: "-drive"))
        #expect(arguments[drive + 1].hasSuffix(",file=/x,,readonly=off,,file=/dev/sda"))
        // A plain file name, not an option with keys.
        let bios = try #require(arguments.firstIndex(of: "-bios"))
        #expect(arguments[bios + 1] == "/r,om")
        #expect(!arguments.contains { $0.contains("a,b#c") })
    }

    /// QEMU, swtpm and swtpm_setup all take a machine whose every path has what their options and files cannot hold.
    @Test(.timeLimit(.minutes(5))) func machine_runsWhateverItsPathsHold() throws {
        let folder =
            FileManager.default.temporaryDirectory.path
            + "/sice, a=b,id=x #c ${HOME} 'd' \"e\" \\ \(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // Flash of 64 KiB whose first instruction jumps to itself.
        var flash = [UInt8](repeating: 0xFF, count: 0x1_0000)
        flash.replaceSubrange(0xFFF0..<0xFFF2, with: [0xEB, 0xFE])
        let (rom, disk) = ("\(folder)/r,o#m", "\(folder)/d,i#sk.iso")
        try Data(flash).write(to: URL(filePath: rom))
        try Data(count: 0x1_0000).write(to: URL(filePath: disk))
        var configuration = MachineConfiguration(rom: rom, folder: "\(folder)/state,#")
        configuration.disk = disk
        let machine = try VirtualMachine(configuration)
        defer { machine.stop() }
        // It has its disk and its console when it has come so far.
        let files = "/proc/\(machine.identifier)/fd"
        func opens(_ path: String) -> Bool {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: files)) ?? []
            return names.contains {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(files)/\($0)")) == path
            }
        }
        while kill(machine.identifier, 0) == 0, !opens(disk) { usleep(10_000) }
        let log = (try? String(contentsOfFile: "\(folder)/state,#/machine.log", encoding: .utf8)) ?? ""
        #expect(kill(machine.identifier, 0) == 0, "\(log)")
        #expect(FileManager.default.fileExists(atPath: "\(folder)/state,#/\(FileName.console)"))
        #expect(FileManager.default.fileExists(atPath: "\(folder)/state,#/\(FileName.authorityCertificates)"))
    }
}

import Fixtures
import Foundation
import Testing

/// Options, sizes and paths of `build`.
@Suite struct BuildOptionTests {
    /// What would have no effect is refused, by its name, for each option alone.
    @Test(arguments: [
        ["--initrd", "x"], ["--cmdline", "quiet"], ["--append", "quiet"], ["--memory", "64"],
        ["--name", "y"],
        ["--window", "64KiB@0x40000000"], ["--tsc-khz", "1000"], ["--network"],
    ])
    func linuxOptionWithoutLinux_exits64(_ option: [String]) throws {
        let workplace = try TinyProgram.prepared()
        let result = try workplace.attest(
            ["build", "--manifest", "tiny.json", "--out", "tiny.image"] + option)
        #expect(result.status == 64)
        #expect(result.errors.hasPrefix("error: SICE-E0911: "), "\(result.errors)")
        #expect(result.errors.contains("without --linux there is no use for \(option[0])"))
        #expect(try workplace.files == ["tiny.elf", "tiny.json"])
    }

    /// Memory in MiB or with a unit: the same image; what is no whole number of MiB is refused.
    @Test func memory_takesUnits() throws {
        let workplace = try Workplace()
        try workplace.write(SampleKernel().bytes, to: "vmlinuz")
        try workplace.write("070701 and more".utf8, to: "initrd")
        func build(_ memory: String) throws -> Workplace.Result {
            try workplace.attest(
                "build", "--linux", "vmlinuz", "--initrd", "initrd", "--name", "guest", "--out",
                "guest.image",
                "--memory", memory)
        }
        let expected = try build("64").output
        #expect(expected.utf8.count == 65)
        for same in ["64M", "64MiB", "64 MiB", "65536K"] { #expect(try build(same).output == expected) }
        for other in ["64MB", "1.5G", "64.", "65537K", "2048", "64\u{212A}"] {
            #expect(try build(other).status == 64, "\(other)")
        }
    }

    /// `..` behind a symbolic link is where the file system says, also when something lies where the text points.
    @Test func programBehindALinkedFolder_isTheFileSystems() throws {
        let workplace = try TinyProgram.prepared()
        let files = FileManager.default
        try files.createDirectory(atPath: workplace.folder + "/real/deep", withIntermediateDirectories: true)
        try files.createSymbolicLink(
            atPath: workplace.folder + "/link", withDestinationPath: "real/deep")
        let text = TinyProgram.manifest.replacing("tiny.elf", with: "../tiny.elf")
        try workplace.write(text.utf8, to: "real/deep/tiny.json")
        var other = TinyProgram.bytes
        other[121] = 0xFF
        try workplace.write(other, to: "real/tiny.elf")
        let linked = try workplace.attest("build", "--manifest", "link/tiny.json", "--out", "linked.image")
        #expect(linked.status == 0, "\(linked.errors)")
        let direct = try workplace.attest("build", "--manifest", "real/deep/tiny.json", "--out", "d.image")
        #expect(linked.output == direct.output)
        let mistaken = try workplace.attest("build", "--manifest", "tiny.json", "--out", "t.image")
        #expect(linked.output != mistaken.output)
        let absolute = try workplace.attest(
            "build", "--manifest", workplace.folder + "/link/tiny.json", "--out", "absolute.image")
        #expect(absolute.output == direct.output)
    }

    /// The shell passes names as they are; messages show them as they are.
    @Test func nameThatIsNotUTF8_isRead() throws {
        let workplace = try TinyProgram.prepared()
        let built = try workplace.attest("build", "--manifest", "tiny.json", "--out", "tiny.image")
        func shell(_ script: String) throws -> Workplace.Result {
            let attest = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
                .appendingPathComponent("sice-attest")
            return try workplace.run(
                URL(fileURLWithPath: "/bin/bash"), ["-c", script.replacing("sice-attest", with: attest.path)])
        }
        let measured = try shell(#"cp tiny.image $'\xff.image' && sice-attest measure $'\xff.image'"#)
        #expect(measured.status == 0 && measured.output == built.output, "\(measured.errors)")
        let missing = try shell(#"sice-attest measure $'\xfe' 2>&1 | od -An -c"#)
        #expect(missing.output.contains("376   :"), "\(missing.output)")
        let output = try shell(#"sice-attest build --manifest tiny.json --out $'\xfd'"#)
        #expect(output.status == 74 && output.errors.contains("SICE-E0902"))
        #expect(try workplace.files.count == 4)
    }
}

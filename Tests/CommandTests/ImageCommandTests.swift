import Foundation
import Glibc
import IsolatedImage
import SICEABI
import SampleKernel
import Testing

@Suite struct ImageCommandTests {
    private let manifest = #"{"schema": "sice.manifest/1", "name": "tiny", "program": "tiny.elf"}"#

    /// A static program of one instruction.
    private var program: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64 + 56 + 2)
        func put(_ value: UInt64, _ size: Int, at offset: Int) {
            for index in 0..<size {
                bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
            }
        }
        put(0x0001_0102_464C_457F, 8, at: 0)
        put(2, 2, at: 16)  // ET_EXEC
        put(62, 2, at: 18)  // EM_X86_64
        put(1, 4, at: 20)
        put(0x200000, 8, at: 24)
        put(64, 8, at: 32)
        for (offset, value) in [(52, 64), (54, 56), (56, 1), (58, 64)] { put(UInt64(value), 2, at: offset) }
        put(1, 4, at: 64)  // PT_LOAD
        put(5, 4, at: 68)
        for (offset, value) in [(72, 120), (80, 0x200000), (88, 0x200000), (96, 2), (104, 2), (112, 4096)] {
            put(UInt64(value), 8, at: offset)
        }
        bytes[120] = 0xEB
        bytes[121] = 0xFE
        return bytes
    }

    private func prepared() throws -> Workplace {
        let workplace = try Workplace()
        try workplace.write(manifest.utf8, to: "tiny.json")
        try workplace.write(program, to: "tiny.elf")
        return workplace
    }

    @Test func buildThenMeasure_agree() throws {
        let workplace = try prepared()
        let built = try workplace.attest("build", "--manifest", "tiny.json", "--out", "tiny.image")
        #expect(built.status == 0, "\(built.errors)")
        let measured = try workplace.attest("measure", "tiny.image")
        #expect(measured.output == built.output)
        #expect(measured.output.utf8.count == 65)
        let inspected = try workplace.attest("inspect", "tiny.image")
        #expect(inspected.output.contains(built.output.dropLast()))
        let json = try workplace.attest("inspect", "tiny.image", "--format", "json")
        #expect(json.output.contains("\"schema\": \"sice.image/1\""))
    }

    /// A Linux guest through the command line, and what a person may get wrong.
    @Test func buildLinux_inspectAndRefusals() throws {
        let workplace = try Workplace()
        try workplace.write(SampleKernel().bytes, to: "vmlinuz")
        try workplace.write("070701 and more".utf8, to: "initrd")
        let base = ["build", "--linux", "vmlinuz", "--out", "guest.image"]
        func build(_ more: [String]) throws -> (status: Int32, errors: String, output: String) {
            let result = try workplace.attest(base + more)
            return (result.status, result.errors, result.output)
        }
        let whole = ["--initrd", "initrd", "--name", "guest", "--memory", "32"]
        let built = try build(whole + ["--cmdline", "console=ttyS0", "--window", "64KiB@0x40000000"])
        #expect(built.status == 0, "\(built.errors)")
        #expect(try workplace.attest("measure", "guest.image").output == built.output)
        let inspected = try workplace.attest("inspect", "guest.image").output
        #expect(inspected.contains("Linux guest") && inspected.contains("rwx"))
        // The network's window is the first one, and what the kernel is told of it is measured.
        #expect(try build(whole + ["--network", "--window", "64KiB@0x40000000"]).status == 0)
        let networked = try workplace.attest("inspect", "guest.image").output
        let windows = networked.split(separator: "\n").filter { $0.hasPrefix("window") }
        #expect(windows.count == 2 && windows.first?.contains("0x0080000000") == true, "\(networked)")
        for more in [
            [], ["--initrd", "initrd"], whole + ["--memory", "31"], whole + ["--memory", "1025"],
            whole + ["--manifest", "x"], whole + ["--program", "x"],
        ] {
            #expect(try build(more).status == 64, "\(more)")
        }
        #expect(try workplace.attest("build", "--manifest", "x", "--name", "y", "--out", "z").status == 64)
        #expect(try workplace.attest("build", "--manifest", "x", "--network", "--out", "z").status == 64)
        let swapped = try build(["--initrd", "vmlinuz", "--name", "guest", "--memory", "32"])
        #expect(swapped.status == 65 && swapped.errors.contains("SICE-E0717"))
        #expect(try build(whole + ["--initrd", "none"]).status == 66)
    }

    /// What would have no effect is refused, by its name, for each option alone.
    @Test(arguments: [
        ["--initrd", "x"], ["--cmdline", "quiet"], ["--append", "quiet"], ["--memory", "64"],
        ["--name", "y"],
        ["--window", "64KiB@0x40000000"], ["--tsc-khz", "1000"], ["--network"],
    ])
    func linuxOptionWithoutLinux_exits64(_ option: [String]) throws {
        let workplace = try prepared()
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
        let workplace = try prepared()
        let files = FileManager.default
        try files.createDirectory(atPath: workplace.folder + "/real/deep", withIntermediateDirectories: true)
        try files.createSymbolicLink(
            atPath: workplace.folder + "/link", withDestinationPath: "real/deep")
        let text = manifest.replacing("tiny.elf", with: "../tiny.elf")
        try workplace.write(text.utf8, to: "real/deep/tiny.json")
        var other = program
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
        let workplace = try prepared()
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

    @Test func diff_exits1WhenImagesDiffer() throws {
        let workplace = try prepared()
        _ = try workplace.attest("build", "--manifest", "tiny.json", "--out", "a")
        try workplace.write(manifest.replacing("}", with: ", \"debug\": true}").utf8, to: "tiny.json")
        _ = try workplace.attest("build", "--manifest", "tiny.json", "--out", "b")
        let different = try workplace.attest("diff", "a", "b")
        #expect(different.status == 1)
        #expect(different.output.contains("debug: false | true"))
        #expect(try workplace.attest("diff", "a", "a").status == 0)
    }

    @Test func badInput_leavesNoImage() throws {
        let workplace = try prepared()
        try workplace.write(manifest.replacing("name", with: "nane").utf8, to: "tiny.json")
        let unknown = try workplace.attest("build", "--manifest", "tiny.json", "--out", "tiny.image")
        #expect(unknown.status == 65)
        try workplace.write(manifest.replacing("}", with: ", \"stak\": \"4KiB\"}").utf8, to: "tiny.json")
        let named = try workplace.attest("build", "--manifest", "tiny.json", "--out", "tiny.image")
        #expect(named.status == 65)
        #expect(named.errors.contains("SICE-E0708") && named.errors.contains("\"stak\""))
        try workplace.write(manifest.utf8, to: "tiny.json")
        try workplace.write(program.dropLast(), to: "tiny.elf")
        let truncated = try workplace.attest("build", "--manifest", "tiny.json", "--out", "tiny.image")
        #expect(truncated.status == 65)
        #expect(truncated.errors.contains("SICE-E0702"))
        #expect(try workplace.files == ["tiny.elf", "tiny.json"])
    }

    @Test func output_thatCannotBeWritten_exits74() throws {
        let workplace = try prepared()
        let result = try workplace.attest("build", "--manifest", "tiny.json", "--out", "none/tiny.image")
        #expect(result.status == 74)
        #expect(result.errors.contains("SICE-E0902"))
    }

    /// An image larger than the memory that the program may have: it must pass through in pieces.
    @Test func measure_needsLittleMemory() throws {
        let workplace = try prepared()
        let size: UInt64 = 768 << 20
        var header = [UInt8](repeating: 0, count: ImageLayout.headerSize)
        var writer = try ImageHeaderWriter(header.mutableSpan)
        try writer.setProgram(
            kind: .bareProgram, flags: 0, name: Array("large".utf8).span, version: [UInt8]().span)
        let pages = size / ABI.pageSize
        let (code, data) = (Permissions.read | Permissions.execute, Permissions.read | Permissions.write)
        try writer.add(region: ImageRegion(address: 0x1000, pages: 1, contentPages: 0, permissions: code))
        try writer.add(
            region: ImageRegion(address: 0x200000, pages: pages, contentPages: pages, permissions: data))
        writer.setStart(entry: 0x1000, stackPointer: 0x201000, pageTableRoot: 0x200000)
        try writer.finish()
        try workplace.write(header, to: "large.image")
        let grown = unsafe truncate(workplace.folder + "/large.image", Int(size) + header.count)
        #expect(grown == 0)
        let result = try workplace.attest(["measure", "large.image"], memoryKiB: 512 << 10)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.utf8.count == 65)
    }

    @Test func measure_refusesWhatIsNoWholeImage() throws {
        let workplace = try prepared()
        _ = try workplace.attest("build", "--manifest", "tiny.json", "--out", "tiny.image")
        let image = try workplace.read("tiny.image")
        for (bytes, error) in [
            (Array(image.dropLast()), "SICE-E0301"), (image + [0], "SICE-E0314"),
            ([UInt8](repeating: 0, count: 8192), "SICE-E0302"),
        ] {
            try workplace.write(bytes, to: "other.image")
            let result = try workplace.attest("measure", "other.image")
            #expect(result.status == 65)
            #expect(result.output.isEmpty && result.errors.contains(error))
        }
    }
}

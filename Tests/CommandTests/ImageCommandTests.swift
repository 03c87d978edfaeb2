import Fixtures
import Glibc
import IsolatedImage
import SICEABI
import Testing

@Suite struct ImageCommandTests {
    @Test func buildThenMeasure_agree() throws {
        let workplace = try TinyProgram.prepared()
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
            [], ["--initrd", "initrd"], whole + ["--memory", "31"], whole + ["--memory", "1017"],
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

    @Test func diff_exits1WhenImagesDiffer() throws {
        let workplace = try TinyProgram.prepared()
        _ = try workplace.attest("build", "--manifest", "tiny.json", "--out", "a")
        try workplace.write(
            TinyProgram.manifest.replacing("}", with: ", \"debug\": true}").utf8, to: "tiny.json")
        _ = try workplace.attest("build", "--manifest", "tiny.json", "--out", "b")
        let different = try workplace.attest("diff", "a", "b")
        #expect(different.status == 1)
        #expect(different.output.contains("debug: false | true"))
        #expect(try workplace.attest("diff", "a", "a").status == 0)
    }

    @Test func badInput_leavesNoImage() throws {
        let workplace = try TinyProgram.prepared()
        try workplace.write(TinyProgram.manifest.replacing("name", with: "nane").utf8, to: "tiny.json")
        let unknown = try workplace.attest("build", "--manifest", "tiny.json", "--out", "tiny.image")
        #expect(unknown.status == 65)
        try workplace.write(
            TinyProgram.manifest.replacing("}", with: ", \"stak\": \"4KiB\"}").utf8, to: "tiny.json")
        let named = try workplace.attest("build", "--manifest", "tiny.json", "--out", "tiny.image")
        #expect(named.status == 65)
        #expect(named.errors.contains("SICE-E0708") && named.errors.contains("\"stak\""))
        try workplace.write(TinyProgram.manifest.utf8, to: "tiny.json")
        try workplace.write(TinyProgram.bytes.dropLast(), to: "tiny.elf")
        let truncated = try workplace.attest("build", "--manifest", "tiny.json", "--out", "tiny.image")
        #expect(truncated.status == 65)
        #expect(truncated.errors.contains("SICE-E0702"))
        #expect(try workplace.files == ["tiny.elf", "tiny.json"])
    }

    @Test func output_thatCannotBeWritten_exits74() throws {
        let workplace = try TinyProgram.prepared()
        let result = try workplace.attest("build", "--manifest", "tiny.json", "--out", "none/tiny.image")
        #expect(result.status == 74)
        #expect(result.errors.contains("SICE-E0902"))
    }

    /// An image larger than the memory that the program may have: it must pass through in pieces.
    @Test func measure_needsLittleMemory() throws {
        let workplace = try TinyProgram.prepared()
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
        let workplace = try TinyProgram.prepared()
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

import Fixtures
import SICEABI
import Testing

@Suite struct OtherCommandTests {
    private let commands = [
        "build", "measure", "inspect", "diff", "reference", "enroll", "collect", "verify", "export", "doctor",
        "explain", "run",
    ]

    @Test(arguments: [
        ["--walls", "--rom", "x"], ["--walls", "--only", "A001"], ["--walls", "--group", "smram"],
        ["--walls", "--soak", "1"], ["--walls", "--list"], ["--list", "--soak", "1"], ["--soak", "0"],
        ["--group", "linux", "--soak", "1"], ["x"],
    ])
    func redTeamOptionsWithoutEffect_exit64(_ options: [String]) throws {
        let result = try Workplace().attest(["red-team"] + options)
        #expect(result.status == 64)
        #expect(result.errors.hasPrefix("error: SICE-E0911: "), "\(result.errors)")
    }

    /// An installed program has no sources about it.
    @Test(arguments: [["--list"], ["--only", "A001"], ["--walls"]])
    func redTeamElsewhere_saysWhereItWorks(_ options: [String]) throws {
        let result = try Workplace().attest(["red-team"] + options)
        #expect(result.status == 66)
        #expect(result.errors.hasPrefix("error: SICE-E0901: "), "\(result.errors)")
        #expect(result.errors.contains("run tools/attack there"))
    }

    @Test func explain_knowsEveryRow() throws {
        let workplace = try Workplace()
        let all = try workplace.attest("explain")
        for code in ErrorCode.allCases { #expect(all.output.contains("\(code.description.summary)")) }
        #expect(try workplace.attest("explain", "SICE-E0819").output.hasPrefix("SICE-E0819: "))
        #expect(try workplace.attest("explain", "SICE-E9999").status == 64)
        let json = try workplace.attest("explain", "104", "--format", "json").output
        #expect(json.contains("\"schema\": \"sice.errors/1\"") && json.contains("\"name\": \"SICE-E0104\""))
    }

    @Test func unreachableTarget_exits69AndLeavesNoFile() throws {
        let workplace = try Workplace()
        try workplace.write([0x41], to: "ca.pem")
        // Port 9 (discard) of the loopback: nobody serves it here.
        let url = "http://127.0.0.1:9"
        let collect = try workplace.attest(
            "collect", "--url", url, "--environment", "1", "--out", "evidence.json")
        #expect(collect.status == 69)
        #expect(collect.errors.contains("SICE-E0907"))
        let enroll = try workplace.attest(
            "enroll", "--url", url, "--ek-ca", "ca.pem", "--out", "enrollment.json")
        #expect(enroll.status == 69)
        #expect(try workplace.files == ["ca.pem"])
        let notURL = try workplace.attest(
            "collect", "--url", "x", "--environment", "1", "--out", "evidence.json")
        #expect(notURL.status == 64)
    }

    @Test func inspect_listsTheFilesOfAROM() throws {
        let workplace = try Workplace()
        try workplace.write(SampleROM.bootable.bytes, to: "rom")
        let text = try workplace.attest("inspect", "rom")
        let names = text.output.split(separator: "\n").map { line in String(line.prefix { $0 != " " }) }
        #expect(names == SampleROM.bootable.files.map(\.name))
        #expect(try workplace.attest("inspect", "rom", "--format", "json").output.contains("sice.rom/1"))
        let reference = try workplace.attest("reference", "--rom", "rom", "--out", "reference.json")
        #expect(reference.status == 0)
        #expect(try workplace.files == ["reference.json", "rom"])
    }

    /// A ROM that would stop at boot: listed, so that a person sees what is in it, then refused; never a reference.
    @Test func whatWouldNotBoot_isRefused() throws {
        let workplace = try Workplace()
        var rom = SampleROM.bootable
        rom.files[1].content[1] ^= 1
        try workplace.write(rom.bytes, to: "rom")
        let inspected = try workplace.attest("inspect", "rom")
        #expect(inspected.status == 65 && inspected.errors.contains("SICE-E0608"), "\(inspected.errors)")
        #expect(inspected.errors.contains("rom: sice/manager") && inspected.output.contains("sice/next"))
        let reference = try workplace.attest("reference", "--rom", "rom", "--out", "reference.json")
        #expect(reference.status == 65 && reference.errors.contains("SICE-E0608"))
        #expect(try workplace.files == ["rom"])
    }

    /// The same size in each form, in each command that takes one.
    @Test func sizesOfMemory_takeUnits() throws {
        let workplace = try Workplace()
        try workplace.write(SampleROM.bootable.bytes, to: "rom")
        func reference(_ size: String) throws -> [UInt8] {
            let result = try workplace.attest("reference", "--rom", "rom", "--smram", size, "--out", "values")
            #expect(result.status == 0, "\(size): \(result.errors)")
            return try workplace.read("values")
        }
        let expected = try reference("1024")
        for same in ["1024M", "1GiB", "1 G", "1048576K"] {
            #expect(try reference(same) == expected, "\(same)")
        }
        #expect(try reference("64") != expected)
        for command in [
            ["reference", "--rom", "rom", "--out", "other", "--smram"],
            ["run", "--rom", "rom", "--state", "other", "--smram"],
            ["run", "--rom", "rom", "--state", "other", "--memory"],
            ["flash", "--rom", "rom", "--out", "other", "--tseg-mbytes"],
        ] {
            for size in ["8", "8M", "8192 K", "64MB", "1.5G", "64\u{212A}", "-64", ""] {
                let result = try workplace.attest(command + ["\(size)"])
                #expect(result.status == 64, "\(command) \(size)")
                #expect(result.errors.hasPrefix("error: SICE-E0911: "), "\(result.errors)")
            }
        }
        #expect(try workplace.files == ["rom", "values"])
    }

    @Test(arguments: ["--initrd", "--cmdline"]) func flash_kernelOptionWithoutNext_exits64(_ option: String)
        throws
    {
        let workplace = try Workplace()
        let result = try workplace.attest(["flash", "--rom", "rom", "--out", "other", option, "x"])
        #expect(result.status == 64)
        #expect(result.errors.hasPrefix("error: SICE-E0911: "), "\(result.errors)")
        #expect(result.errors.contains("without --next there is no use for \(option)"))
    }

    @Test func reference_refusesWhatIsNoROM() throws {
        let workplace = try Workplace()
        try workplace.write([UInt8](repeating: 0xFF, count: 65536), to: "rom")
        let result = try workplace.attest("reference", "--rom", "rom", "--out", "reference.json")
        #expect(result.status == 65)
        #expect(result.errors.contains("SICE-E0919"))
        #expect(try workplace.attest("reference", "--rom", "none", "--out", "reference.json").status == 66)
        #expect(try workplace.files == ["rom"])
    }
}

import Appraisal
import Evidence
import EvidenceForge
import EvidenceFormat
import Fixtures
import Reference
import StrictJSON
import Testing

/// `-` as a file's name.
@Suite struct DashTests {
    private func prepared() throws -> Workplace {
        let workplace = try TinyProgram.prepared()
        let forge = Forge()
        try workplace.write(SampleROM.bootable.bytes, to: "rom")
        try workplace.write(forge.bundle().json.text.utf8, to: "evidence.json")
        try workplace.write(forge.reference.json.text.utf8, to: "reference.json")
        try workplace.write(forge.expectations.enrollment!.json.text.utf8, to: "enrollment.json")
        #expect(try workplace.shell("$attest build --manifest tiny.json --out image").status == 0)
        return workplace
    }

    /// What a command prints of a file is what it prints of standard input, through a pipe and from a file.
    @Test(arguments: [
        ("measure @", "image"), ("inspect @", "image"), ("inspect @", "rom"), ("diff @ image", "image"),
        ("diff image @", "image"), ("verify --evidence @", "evidence.json"),
        ("verify --evidence evidence.json --reference @", "reference.json"),
        ("verify --evidence evidence.json --enrollment @", "enrollment.json"),
        ("verify --evidence evidence.json --image @", "image"), ("build --manifest @ --out new", "tiny.json"),
        ("build --manifest tiny.json --program @ --out new", "tiny.elf"),
        ("reference --rom @ --out new", "rom"),
        ("reference --rom rom --image @ --out new", "image"),
    ])
    func standardInput_isReadForADash(_ command: String, _ file: String) throws {
        let workplace = try prepared()
        let named = try workplace.shell("$attest \(command.replacing("@", with: file))")
        let piped = try workplace.shell("cat \(file) | $attest \(command.replacing("@", with: "-"))")
        let redirected = try workplace.shell("$attest \(command.replacing("@", with: "-")) <\(file)")
        #expect(!named.output.isEmpty && named.errors.isEmpty)
        for result in [piped, redirected] {
            #expect(result.status == named.status && result.output == named.output, "\(result.errors)")
        }
    }

    /// Images that differ are read twice, which a pipe is not.
    @Test(arguments: ["diff - other", "diff other -", "diff <(cat image) <(cat other)"])
    func pipes_areComparedToThePage(_ command: String) throws {
        let workplace = try prepared()
        var other = try workplace.read("image")
        other[other.count - 1] ^= 1
        try workplace.write(other, to: "other")
        let expected = try workplace.attest("diff", "image", "other").output
        #expect(expected.contains("1 pages differ"))
        let result = try workplace.shell("cat image | $attest \(command)")
        #expect(result.status == 1 && result.output == expected, "\(result.errors)")
    }

    @Test func inspect_ofAROMThroughAPipe() throws {
        let workplace = try prepared()
        let result = try workplace.shell("$attest inspect <(cat rom)")
        #expect(try result.output == workplace.attest("inspect", "rom").output && result.status == 0)
    }

    /// Standard input is there once.
    @Test func secondDash_exits64() throws {
        let result = try prepared().shell("cat image | $attest diff - -")
        #expect(result.status == 64 && result.errors.contains("standard input, which can be read once"))
    }

    @Test func closedInput_exits66() throws {
        for command in ["$attest measure -", "$sice create -", "$sice call 1 --operation 1 --input -"] {
            let result = try Workplace().shell("\(command) <&-")
            #expect(result.status == 66, "\(command)")
            #expect(result.errors.contains("standard input: Bad file descriptor"), "\(result.errors)")
        }
    }

    /// Every command that writes one file writes it to standard output for a dash, and its words elsewhere.
    @Test(arguments: ["build --manifest tiny.json --out", "reference --rom rom --out"])
    func standardOutput_isWrittenForADash(_ command: String) throws {
        let workplace = try prepared()
        let result = try workplace.shell(
            "$attest \(command) file >words && $attest \(command) - 2>errors | cmp - file && cat errors")
        #expect(result.status == 0, "\(result.errors)")
        let words = String(decoding: try workplace.read("words"), as: UTF8.self)
        #expect(result.output == words.replacing("file:", with: "-:"))
        #expect(try !workplace.files.contains("-"))
    }

    @Test func directory_isNoStream() throws {
        let workplace = try prepared()
        #expect(try workplace.attest("export", "--evidence", "evidence.json", "--out", "-").status == 64)
        #expect(try !workplace.files.contains("-"))
    }
}

import Fixtures
import Testing

/// Values that begin like options: what follows an option that takes text or a number is its value.
@Suite struct OptionValueTests {
    /// A value is what follows its option, whatever it begins with.
    @Test func textThatBeginsWithADash_isTaken() throws {
        let workplace = try Workplace()
        try workplace.write(SampleKernel().bytes, to: "vmlinuz")
        try workplace.write("070701 and more".utf8, to: "initrd")
        let base = ["build", "--linux", "vmlinuz", "--initrd", "initrd", "--memory", "32", "--out", "image"]
        let dashed = try workplace.attest(base + ["--name", "guest", "--append", "-- x"])
        #expect(dashed.status == 0, "\(dashed.errors)")
        #expect(try workplace.attest(base + ["--name", "guest", "--append=-- x"]).output == dashed.output)
        #expect(try workplace.attest(base + ["--name", "-guest", "--cmdline", "-x"]).status == 0)
    }

    @Test(arguments: [
        ("attest", "collect --url u --out o --environment", "-1"),
        ("attest", "collect --out o --environment 1 --url", "-1"),
        ("attest", "run --rom r --state s --port", "-1"), ("attest", "run --rom r --state s --cores", "-1"),
        ("attest", "run --rom r --state s --memory", "-1"), ("attest", "run --rom r --state s --smram", "-1"),
        ("attest", "reference --rom r --out o --smram", "-1"),
        ("attest", "flash --rom r --out o --tseg-mbytes", "-1"),
        ("attest", "build --linux l --initrd i --name n --out o --memory", "-1"),
        ("attest", "build --linux l --initrd i --name n --out o --tsc-khz", "-1"),
        ("attest", "build --linux l --initrd i --name n --out o --window", "-1"),
        ("attest", "verify --evidence e --nonce", "-1"),
        ("attest", "verify --evidence e --measurement", "-1"),
        ("attest", "red-team --soak", "-x"), ("attest", "red-team --seed", "-1"),
        ("sice", "call 1 --operation", "-1"), ("sice", "report 1 --output o --nonce", "-1"),
        ("siced", "--port", "-1"), ("sice", "run 1 --mode multi-core --core", "-x"),
    ])
    func numberBelowZero_isNoMissingValue(_ tool: String, _ command: String, _ value: String) throws {
        let workplace = try Workplace()
        let result = try workplace.shell("$\(tool) \(command) \(value)")
        #expect([64, 65, 66].contains(result.status), "\(result.errors)")
        #expect(!result.errors.contains("Missing value"), "\(result.errors)")
    }

    /// A file's name is not: who leaves it out hears so, and no file is called as an option is.
    @Test func fileThatBeginsWithADash_isNamedWithItsFolder() throws {
        let workplace = try TinyProgram.prepared()
        #expect(try workplace.shell("$attest build --manifest tiny.json --out image").status == 0)
        let forgotten = try workplace.attest("build", "--out", "--manifest", "tiny.json")
        #expect(forgotten.status == 64 && forgotten.errors.contains("Missing value"))
        #expect(
            try workplace.shell("$attest build --manifest tiny.json --out ./-x && cmp ./-x image").status == 0
        )
        #expect(
            try workplace.shell("$attest build --manifest tiny.json --out=-y && cmp ./-y image").status == 0)
        #expect(try workplace.shell("$attest measure -- -x").status == 0)
    }
}

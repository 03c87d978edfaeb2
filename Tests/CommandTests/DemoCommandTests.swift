import Testing

@Suite struct DemoCommandTests {
    /// Where nothing is built, and nothing to build with is there, `tools/demo` still says what it can do.
    @Test(arguments: ["--help", "-h"]) func help_answersBeforeAnythingIsBuilt(_ option: String) throws {
        let workplace = try Workplace()
        try workplace.copy("tools/demo")
        let help = try workplace.script("tools/demo", [option])
        #expect(help.status == 0, "\(help.errors)")
        #expect(help.output.contains("Usage: tools/demo") && help.output.contains("--linux"))
    }
}

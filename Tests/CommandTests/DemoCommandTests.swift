import Foundation
import Testing

@Suite struct DemoCommandTests {
    /// Where nothing is built, and nothing to build with is there, `tools/demo` still says what it can do.
    @Test(arguments: ["--help", "-h"]) func help_answersBeforeAnythingIsBuilt(_ option: String) throws {
        let workplace = try Workplace()
        let script = URL(filePath: #filePath).appending(path: "../../../tools/demo").standardizedFileURL
        let copy = URL(filePath: "\(workplace.folder)/tools/demo")
        try FileManager.default.createDirectory(
            at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: script, to: copy)
        let help = try workplace.run(copy, [option])
        #expect(help.status == 0, "\(help.errors)")
        #expect(help.output.contains("Usage: tools/demo") && help.output.contains("--linux"))
    }
}

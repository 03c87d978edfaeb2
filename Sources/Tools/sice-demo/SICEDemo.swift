internal import ArgumentParser
internal import Diagnostics
internal import Foundation
internal import MachineRunner

/// The whole path, as a person would walk it: a machine is started, signs a file where its own operating system
/// cannot look, and a verifier decides whether to believe it. `tools/demo` builds everything, then runs this.
@main
struct SICEDemo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools/demo",
        abstract: "Boot, sign a file inside the isolated environment, attest, verify.",
        discussion: """
            Example: tools/demo --out result README.md
            Exit status 0 only when the verdict is affirmed.
            """)

    @Argument(help: "The file to sign (default: the project's README).")
    var file: String?

    @Flag(help: "Leave the machine running and say how to talk to it.")
    var keep = false

    @Option(help: "Keep evidence, reference values, signature, public key and logs in this folder.")
    var out: String?

    @Option(help: "A ROM that coreboot's build made, to flash and run (default: the stand-in ROM).")
    var rom: String?

    @Option(help: "Folder with what tools/build made.")
    var build = ".build-firmware"

    static func main() async {
        do {
            var demo = try parseAsRoot()
            guard var command = demo as? SICEDemo else { return try demo.run() }
            try await command.run()
        } catch let failure as StageFailure {
            StandardStreams.message(failure.message)
            Foundation.exit(failure.status)
        } catch let error as ToolError {
            StandardStreams.message(error.message)
            Foundation.exit(error.exitStatus)
        } catch { exit(withError: error) }
    }

    mutating func run() async throws {
        let folder = try ResultFolder(out, isKept: keep)
        let walk = Walk(file: file ?? build + "/../README.md", build: build, folder: folder, corebootROM: rom)
        try await walk.run(keep: keep)
        folder.finish()
    }
}

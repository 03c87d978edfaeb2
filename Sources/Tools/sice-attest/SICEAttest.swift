internal import ArgumentParser
internal import Diagnostics
internal import Foundation

/// The verifier's tool. One file of this folder per command; the list below is the only place that names them all.
@main
struct SICEAttest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sice-attest",
        abstract: "Build isolated images, and appraise the evidence of machines that run them.",
        discussion: """
            Exit status: 0 affirmed or done, 1 verdict negative, 2 could not appraise, 64 usage, 65 malformed input, \
            66 missing input, 69 target unavailable, 70 internal, 74 output.
            """,
        version: ToolVersion.current,
        subcommands: [
            Build.self, Measure.self, Inspect.self, Diff.self, Flash.self, Unflash.self,
            ReferenceCommand.self, Run.self, Enroll.self,
            Collect.self,
            Verify.self, Export.self, RedTeamCommand.self, Doctor.self, Explain.self,
        ])

    /// Runs the command and turns what it throws into a message and the documented exit status.
    static func main() async {
        do {
            var command = try parseAsRoot(SystemName.arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as ToolError {
            StandardStreams.message(error.message)
            Foundation.exit(error.exitStatus)
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            let refusal = ToolError.usage(parserSays: fullMessage(for: error))
            StandardStreams.message(refusal.message)
            Foundation.exit(refusal.exitStatus)
        }
    }
}

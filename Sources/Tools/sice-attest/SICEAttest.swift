internal import ArgumentParser
internal import CommandEnd
internal import Diagnostics

/// The verifier's tool. One file of this folder per command; the list below is the only place that names them all.
@main
struct SICEAttest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sice-attest",
        abstract: "Build isolated images, and appraise the evidence of machines that run them.",
        discussion: """
            Exit status: 0 affirmed or done, 1 verdict negative, 2 could not appraise, 64 usage, 65 malformed input, \
            66 missing input, 69 target unavailable, 70 internal, 74 output.
            A file named - is standard input or output; what a command says of its output then goes to standard error. An \
            output that is a link is followed: the file that it leads to is replaced, by a whole one with the same \
            permissions. A device or pipe is written where it is. A file whose name begins with - is named as ./-file.
            """,
        version: ToolVersion.current,
        subcommands: [
            Build.self, Measure.self, Inspect.self, Diff.self, Flash.self, Unflash.self,
            ReferenceCommand.self, Run.self, Enroll.self,
            Collect.self,
            Verify.self, Audit.self, Export.self, RedTeamCommand.self, Doctor.self, Explain.self,
        ])

    /// Runs the command and turns what it throws into a message and the documented exit status.
    static func main() async {
        StandardStreams.hold()
        do {
            var command = try parseAsRoot(SystemName.arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch { end(with: error) }
    }
}

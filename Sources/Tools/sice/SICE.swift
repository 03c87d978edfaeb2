internal import ArgumentParser
internal import CommandEnd
internal import Diagnostics
internal import ServiceDaemon

/// The legacy host's tool. It runs from an initial RAM disk: no Foundation, no shared libraries.
@main
struct SICE: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sice",
        abstract: "Run workloads in isolated environments that this machine's own system cannot look into.",
        discussion: """
            Talks to the security manager in SMM through port 0xB2 and a reserved memory area; needs root. `list`, `info`, `call`, \
            `report` and `destroy` go through `siced` when it runs, unless --direct is given.
            Exit status: 0 done, 64 usage, 65 malformed input, 66 missing input, 69 refused or unavailable, \
            70 internal, 74 output.
            A file named - is standard input or output. An output that is a link is followed: the file that it leads to is \
            replaced, by a whole one with the same permissions. A device or pipe is written where it is.
            """,
        version: ToolVersion.current,
        subcommands: [
            Create.self, List.self, Info.self, Call.self, Run.self, Console.self, Stop.self, Move.self,
            Destroy.self,
            Report.self, Serve.self,
        ])

    /// Runs the command and turns what it throws into a message and the documented exit status.
    static func main() {
        // One file under two names: a RAM disk has no room for the same libraries twice.
        let name = CommandLine.arguments.first?.split(separator: "/").last
        if name == SICED.name[...] { return SICED.main() }
        StandardStreams.hold()
        do {
            var command = try parseAsRoot(SystemName.arguments)
            try command.run()
        } catch { end(with: error) }
    }
}

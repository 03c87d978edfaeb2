internal import ArgumentParser
internal import Benchmarks
internal import CommandEnd
internal import Diagnostics
internal import Foundation
internal import MachineRunner
internal import SICEABI

/// The whole path, as a person would walk it: a machine is started, something runs where the machine's own operating
/// system cannot look, and a verifier decides whether to believe it. `tools/demo` builds everything, then runs this.
@main
struct SICEDemo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools/demo",
        abstract: "Boot, sign a file inside an isolated environment or run Linux there, attest, verify.",
        discussion: """
            Example: tools/demo --out result README.md
            Example: tools/demo --linux --mode both
            Exit status 0 only when every verdict is affirmed.
            """,
        version: ToolVersion.current)

    @Argument(help: "The file to sign (default: the project's README).")
    var file: String?

    @Option(
        help: """
            time-sharing: the environment runs on the host's cores, slice by slice; multi-core: on a core that the \
            host gives up; both: one after the other, in one boot of the machine, with the same measurement.
            """)
    var mode: Modes = .timeSharing

    @Flag(help: "Boot an unmodified Linux in the isolated environment instead of signing a file.")
    var linux = false

    @Flag(help: "Leave the machine running and say how to talk to it.")
    var keep = false

    @Option(help: "Keep evidence, reference values, signature, public key and logs in this folder.")
    var out: String?

    @Option(
        help: """
            A ROM that coreboot's build made, to flash and run (default: the stand-in ROM). The project's GRUB, which \
            knows the demo's disk, is started in it after the security manager, not the ROM's own payload.
            """)
    var rom: String?

    @Option(help: "QEMU to run the machine in, as tools/emulator prints it (default: the installed one).")
    var emulator: String?

    @Option(help: "Folder with what tools/build made.")
    var build = ".build-firmware"

    @Option(help: "For the picture at the end, time that was spent before: NAME=MILLISECONDS.")
    var spent: [String] = []

    static func main() async {
        StandardStreams.hold()
        do {
            var demo = try parseAsRoot(SystemName.arguments)
            guard var command = demo as? SICEDemo else { return try demo.run() }
            try await command.run()
        } catch let failure as StageFailure {
            StandardStreams.message(failure.message)
            Foundation.exit(failure.status)
        } catch { end(with: error) }
    }

    func validate() throws {
        if linux, file != nil { throw ValidationError("--linux signs no file") }
        if file == "-" { throw ValidationError("the file is read twice, which standard input cannot be") }
        for text in spent where TimeSpent.parse(text) == nil {
            throw ValidationError("--spent takes NAME=MILLISECONDS, and not \(text)")
        }
    }

    mutating func run() async throws {
        // The machine is ended before the program is.
        StandardStreams.outliveReader()
        for part in spent.compactMap(TimeSpent.parse) { StageClock.add(part.seconds, to: part.name) }
        let files = DemoFiles(build: build, folder: try ResultFolder(out, isKept: keep), modes: mode.all)
        let subject: any Subject =
            linux
            ? LinuxGuest(files: files) : try Signer(signing: file ?? build + "/../README.md", files: files)
        try await Walk(
            files: files, subject: subject, corebootROM: rom, emulator: try Emulator.named(emulator)
        ).run(keep: keep)
        files.folder.finish()
    }
}

/// The modes that are shown, one after the other.
enum Modes: String, ExpressibleByArgument, CaseIterable {
    case timeSharing = "time-sharing"
    case multiCore = "multi-core"
    case both

    var all: [ExecutionMode] {
        switch self {
        case .timeSharing: [.timeSharing]
        case .multiCore: [.multiCore]
        case .both: [.timeSharing, .multiCore]
        }
    }
}

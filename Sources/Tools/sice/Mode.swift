internal import ArgumentParser
internal import Diagnostics

/// How an environment gets its core.
enum Mode: String, ExpressibleByArgument, CaseIterable {
    case timeSharing = "time-sharing"
    case multiCore = "multi-core"
}

/// `--mode` and `--core`, which belong together.
struct ModeOptions: ParsableArguments {
    @Option(help: "time-sharing: on this tool's core, slice by slice; multi-core: a core of its own.")
    var mode: Mode = .timeSharing

    @Option(
        parsing: .unconditional,
        help: "With --mode multi-core: Linux's number of the CPU to give away, not 0.")
    var core: Int?

    func validate() throws {
        guard (mode == .multiCore) == (core != nil) else {
            throw ValidationError("--mode multi-core and --core N go together")
        }
    }
}

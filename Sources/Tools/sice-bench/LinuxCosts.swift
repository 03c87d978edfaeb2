internal import ArgumentParser
internal import Benchmarks
internal import Diagnostics

/// `sice-bench linux`: a table of what `tools/sice-cost/run` prints.
struct LinuxCosts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "linux",
        abstract: "Compare one Linux in four surroundings, from what was measured of it.",
        discussion: """
            Example: sice-bench linux --format json <measured
            A time is the median of its repetitions, its spread the quartiles around it. Overhead is that of the medians \
            over KVM's. Exits are per repetition, and per second of a guest that waits. Instructions, of another run, are \
            those of the CPU that the task runs on, host and guest; and those of the other one, which in multi-core mode \
            looks out for the guest all the time. Exit status 69 when a row is missing, a clock in a guest ran wrong, or a \
            guest complained.
            """)

    @Argument(help: "File with what was measured.")
    var file = "-"

    @OptionGroup var output: TableOptions

    func run() throws {
        let report = try SurroundingsReport(String(decoding: try InputFile.read(file), as: UTF8.self))
        try output.print(text: report.text, json: report.json)
    }
}

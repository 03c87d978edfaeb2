internal import ArgumentParser
internal import Benchmarks
internal import Diagnostics
internal import Foundation

/// `sice-bench costs`: runs what measures, and prints a table.
struct Costs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure costs: instructions that the emulator counts, sizes, ratios of times.",
        discussion: "Example: sice-bench costs switch.roundtrip")

    @Argument(help: "One of them; without it, all.")
    var name: String?

    @OptionGroup var output: TableOptions

    func run() throws {
        let costs = try Cost.named(name)
        var metrics = Metrics()
        for source in Cost.Source.allCases where costs.contains(where: { $0.source == source }) {
            for script in source.scripts { try metrics.read(script.output()) }
        }
        let rows = try costs.map { (cost) throws(BenchmarkError) in try CostRow(cost, metrics) }
        try output.print(text: [CostRow.heading] + rows.map(\.text), json: rows.map(\.json))
    }
}

extension Cost.Source {
    /// Programs that print metrics, from the repository's root.
    fileprivate var scripts: [Script] {
        switch self {
        case .sizes: [Script("tools/sizes")]
        case .probe: probe("1", "bench")
        case .probeOnTwoCores: probe("2", "bench-multicore")
        case .kvm: [Script("Tests/KVMHost/run", ["--icount", "measure"])]
        case .boot: [Script("tools/boot-cost/run")]
        case .flash: [Script("tools/flash-cost/run")]
        case .measure: [Script("tools/measure-ratio/run")]
        }
    }

    /// What a bare-metal host counts.
    private func probe(_ cores: String, _ name: String) -> [Script] {
        [
            Script("Tests/ProbeHost/build"),
            Script("Tests/ProbeHost/run", ["--icount", "--cores", cores, name], success: 33),
        ]
    }
}

/// A program of the repository that prints what it measured.
private struct Script {
    let path: String
    let arguments: [String]
    /// Its exit status when all went well.
    let success: Int32

    init(_ path: String, _ arguments: [String] = [], success: Int32 = 0) {
        (self.path, self.arguments, self.success) = (path, arguments, success)
    }

    /// What it printed. Throws `failed`.
    func output() throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        try process.run()
        let text = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == success else {
            throw BenchmarkError.failed(path, process.terminationStatus)
        }
        return String(decoding: text, as: UTF8.self)
    }
}

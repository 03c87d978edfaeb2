internal import ArgumentParser
internal import Benchmarks
internal import Diagnostics
internal import Foundation

/// `sice-bench soak-demo`: the demo again and again in one folder, every second time ended by SIGKILL, each time at another
/// moment: all others must work, and nothing may be left running.
struct SoakDemo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak-demo",
        abstract: "Run the demo again and again in one folder, every second time killed.",
        discussion: "Example: sice-bench soak-demo --out soak 4")

    @Argument(help: "How many more runs.")
    var count = 21

    @Option(help: "Folder; one that is there is gone on with.")
    var out = ".build-firmware/soak-demo"

    @Option(help: "The program.")
    var demo = ".build/debug/sice-demo"

    @Option(help: "Folder with what tools/build made.")
    var build = ".build-firmware"

    func validate() throws {
        if count < 1 { throw ValidationError("at least one run") }
    }

    func run() throws {
        let soak = try DemoSoak(folder: out, demo: demo, build: build)
        for _ in 0..<count {
            do { try StandardStreams.result("soak-demo: " + soak.next()) } catch let failure as SoakFailure {
                StandardStreams.message("soak-demo: \(failure.text)")
                throw ExitCode.failure
            }
        }
    }
}

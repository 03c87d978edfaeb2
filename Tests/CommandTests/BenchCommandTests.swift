import Foundation
import Testing

/// The developer's tool, with a program in the demo's place that does what a test wants.
@Suite struct BenchCommandTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    private func bench(_ arguments: String...) throws -> Workplace.Result {
        try place.run(Workplace.program("sice-bench"), arguments)
    }

    /// `$4` is the folder: `--build DIR --out DIR`.
    private func demo(_ script: String) throws {
        try place.put("#!/bin/bash\n\(script)\n", "demo")
    }

    private func soak(_ count: Int) throws -> Workplace.Result {
        try bench("soak-demo", "--out", "soak", "--demo", "demo", "\(count)")
    }

    private static let stages = "for n in 1 2 3 4 5 6 7 8; do echo \"demo: stage $n\" >&2; done"

    /// Runs go on from the last one; the fourth is killed in its third stage.
    @Test func soak_killsEverySecondRun() throws {
        try demo(
            """
            count=$(cat count 2>/dev/null || echo 0)
            echo $((count + 1)) >count
            \(Self.stages)
            if ((count % 2)); then exec sleep 60; fi
            echo 'verdict: affirmed'
            """)
        try FileManager.default.createDirectory(
            atPath: place.folder + "/soak", withIntermediateDirectories: true)
        try place.write("2\n".utf8, to: "soak/runs")
        let result = try soak(2)
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.output == """
                soak-demo: run 3: affirmed
                soak-demo: run 4: killed in "demo: stage 8", nothing left after 1 looks

                """)
        #expect(try place.read("soak/runs") == Array("4\n".utf8))
    }

    @Test(arguments: [
        ("exit 7", "run 1: status 7"), ("echo no", "run 1: no verdict"),
        (
            "echo 'verdict: affirmed'; mkdir \"$4/machine\"; cd \"$4/machine\"; sleep 2 >/dev/null 2>&1 &\nsleep 0.2",
            "run 1: left: process "
        ),
        (
            "echo 'verdict: affirmed'; mkdir \"$4/machine\"; "
                + "flock \"$4/machine/machine.lock\" sleep 2 >/dev/null 2>&1 &\nsleep 0.2",
            "run 1: left: a keeper"
        ),
    ])
    func soak_failsOfWhatIsWrong(_ script: String, _ message: String) throws {
        try demo("echo 'demo: the messages' >&2\n\(script)")
        let result = try soak(1)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("soak-demo: \(message)"), "\(result.errors)")
        #expect(result.errors.contains("demo: the messages"))
    }

    /// What was to be killed must not be over before.
    @Test func soak_failsOfARunThatEnds() throws {
        try demo("echo 'verdict: affirmed'")
        let result = try soak(2)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("soak-demo: run 2: it ended by itself"), "\(result.errors)")
    }

    @Test func reject_unknownCost() throws {
        let result = try bench("costs", "speed")
        #expect(result.status == 64)
        #expect(result.errors.hasPrefix("bench: no benchmark 'speed'; there are: switch.roundtrip "))
    }

    /// Metrics come of the repository's programs, here of one of its own.
    @Test func costs_areThoseThatAProgramMeasured() throws {
        func sizes(_ script: String) throws { try place.put("#!/bin/sh\n\(script)\n", "tools/sizes") }
        try sizes("echo metric payload.bytes 5 bytes")
        let json = #"{"name": "payload.bytes", "value": 5, "unit": "bytes", "goal": 131072, "met": true}"#
        #expect(try bench("costs", "payload.bytes", "--format", "json").output == json + "\n")
        let missing = try bench("costs", "manager.image_bytes")
        #expect(missing.status == 69 && missing.errors.contains("manager.image_bytes could not be measured"))
        try sizes("exit 3")
        let failed = try bench("costs", "payload.bytes")
        #expect(failed.status == 69 && failed.errors.contains("tools/sizes ended with status 3"))
    }

    @Test func profile_isPrinted() throws {
        try place.write("0000000000001000 T first\n".utf8, to: "symbols")
        try place.write("samples 2\n0000000000001000 3\n".utf8, to: "counts")
        let result = try bench("profile", "--symbols", "symbols", "--counts", "counts")
        #expect(result.output == "       1.5  first\n       1.5  in all\n")
        #expect(result.status == 0)
    }

    @Test func reject_measurementWithoutRows() throws {
        try place.write("error kvm 1 sice: no\n".utf8, to: "measured")
        let result = try bench("linux", "measured")
        #expect(result.status == 69 && result.output.isEmpty)
        #expect(result.errors.contains("bench: in mode kvm: error kvm 1 sice: no\n"))
    }
}

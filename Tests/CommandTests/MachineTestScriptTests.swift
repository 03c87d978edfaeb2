import Foundation
import Testing

/// `ci/qemu` in a folder of its own, with scripts that only say that they were called.
@Suite struct MachineTestScriptTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        let source = """
            @Suite struct AlphaTests {
                @Test(arguments: [1, 2])
                func first(_ number: Int) {}
                func helper() {}
                @Test func both() {}
            }
            final class BetaTests {
                @Test func both() {}
            }
            """
        try place.put(source, "Tests/SomeQEMUTests/Alpha.swift")
        let call = #"echo "${0#*/./} $*" >>calls"#
        for script in [
            "tools/build", "Tests/ProbeHost/build", "Tests/LegacyHostPrograms/build",
            "Tests/LegacyHostPrograms/attack/build",
        ] {
            try place.put("#!/bin/sh\n\(call)\n", script)
        }
        try place.put("#!/bin/sh\n\(call)\ncat answer\n", "ci/swift-test")
        for name in ["ci/qemu", "ci/progress"] { try place.copy(name) }
        try place.put("✔ Test run with 2 tests passed.\n", "answer")
    }

    private func run(_ arguments: String...) throws -> Workplace.Result {
        try place.script("ci/qemu", arguments)
    }

    /// What was called, in order.
    private func calls() throws -> [String] {
        guard try place.files.contains("calls") else { return [] }
        return String(decoding: try place.read("calls"), as: UTF8.self).split(separator: "\n").map(
            String.init)
    }

    private let builds = [
        "tools/build ", "Tests/ProbeHost/build ", "Tests/LegacyHostPrograms/build ",
        "Tests/LegacyHostPrograms/attack/build ",
    ]

    @Test(arguments: [
        ("AlphaTests", #"^SomeQEMUTests\.AlphaTests/"#), ("first", #"^SomeQEMUTests\.AlphaTests/first\("#),
        ("BetaTests/both", #"^SomeQEMUTests\.BetaTests/both\("#),
    ])
    func run_oneOnFreshFirmware(_ name: String, _ filter: String) throws {
        #expect(try run(name).status == 0)
        #expect(try calls() == builds + ["ci/swift-test --no-parallel --filter \(filter)"])
    }

    @Test func run_all() throws {
        try place.put("✔ Test run with 0 tests passed.\n", "answer")
        #expect(try run("--built").status == 0)
        #expect(try calls() == builds.dropFirst() + ["ci/swift-test --no-parallel --filter QEMUTests"])
    }

    @Test func list_allOrOne() throws {
        let all = ["AlphaTests/first", "AlphaTests/both", "BetaTests/both"].map { "SomeQEMUTests.\($0)\n" }
        #expect(try run("--list").output == all.joined())
        #expect(try run("--list", "both").output == all[1...].joined())
        #expect(try calls() == [])
    }

    @Test(arguments: [
        ["NoTests"], ["helper"], ["both"], ["--filter", "AlphaTests"], ["AlphaTests", "BetaTests"],
    ])
    func reject_whatIsNotOneOfThem(_ arguments: [String]) throws {
        let result = try place.script("ci/qemu", arguments)
        #expect(result.status == 64)
        #expect(result.errors.hasPrefix("ci/qemu: "))
        #expect(try calls() == [])
    }

    /// What is asked for by name has to run.
    @Test(arguments: [
        "✔ Test run with 0 tests passed.", "",
        "➜ Suite AlphaTests skipped: \"needs a ROM\"\n✔ Test run with 2 tests passed.",
        "➜ Test both() skipped.\n✔ Test run with 2 tests passed.",
    ])
    func reject_whatWasSkipped(_ answer: String) throws {
        try place.put(answer + "\n", "answer")
        let result = try run("AlphaTests")
        #expect(result.status == 1)
        #expect(result.errors.contains("AlphaTests ran"))
    }

    @Test func reject_failedTestsAndBuilds() throws {
        try place.put("#!/bin/sh\nexit 7\n", "ci/swift-test")
        #expect(try run("AlphaTests").status == 7)
        try place.put("#!/bin/sh\nexit 8\n", "tools/build")
        #expect(try run("AlphaTests").status == 8)
    }
}

import Foundation
import Testing

/// `ci/test` and `ci/long` with parts that only say that they were called.
@Suite struct PartsScriptTests {
    private let place: Workplace
    /// What `ci/test` runs, in its order.
    private static let parts = [
        "tools/setup --yes --tests", "tools/build", "ci/format", "ci/unit", "ci/qemu --built",
        "ci/reproducible", "ci/fuzz",
    ]

    /// What `ci/long` runs besides.
    private static let longParts = [
        "ci/demos", "ci/soak-demo", "tools/attack", "ci/emulator", "ci/package", "ci/fresh",
    ]

    init() throws {
        place = try Workplace()
        for name in ["ci/test", "ci/long", "ci/parts"] { try place.copy(name) }
        for part in Self.parts + Self.longParts {
            try put("", part.split(separator: " ").first.map(String.init) ?? part)
        }
    }

    private func put(_ script: String, _ name: String) throws {
        try place.put("#!/bin/sh\necho \"${0#*/./} $*\" | sed 's/ $//' >>calls\n\(script)\n", name)
    }

    private func calls() throws -> [String] {
        guard try place.files.contains("calls") else { return [] }
        return String(decoding: try place.read("calls"), as: UTF8.self).split(separator: "\n").map(
            String.init)
    }

    /// The fields of a table's lines, without the times that were taken.
    private func table(_ text: String, _ me: String) throws -> [String] {
        try text.split(separator: "\n").filter { $0.hasPrefix("\(me): ") }.dropFirst().map { line in
            let row = try #require(line.wholeMatch(of: /\w+: (.{52}) +(\d+:\d\d) +\d+:\d\d(  .*)?/))
            let name = row.1.reversed().drop { $0 == " " }.reversed()
            return "\(String(name)) \(row.2)\(row.3 ?? "")"
        }
    }

    @Test func test_runsAllPartsWithinABudgetOf55Minutes() throws {
        let result = try place.script("ci/test")
        #expect(result.status == 0)
        #expect(try calls() == Self.parts)
        let rows = try table(result.output, "ci")
        #expect(rows.count == Self.parts.count + 1 && rows.last == "in all 55:00")
        for (row, part) in zip(rows, Self.parts) { #expect(row.hasPrefix("\(part) ")) }
    }

    /// Which part failed is said, what ran before it is in the table, and nothing comes after it.
    @Test func test_endsAtTheFirstFailure() throws {
        try put("exit 7", "ci/format")
        let result = try place.script("ci/test")
        #expect(result.status == 7)
        #expect(result.errors.hasSuffix("ci: ci/format failed\n"))
        #expect(try calls() == Array(Self.parts[..<3]))
        let rows = try table(result.output, "ci")
        #expect(rows.count == 4 && rows[2].hasSuffix("  failed with status 7"), "\(rows)")
    }

    /// Whoever ends it, by a signal or otherwise, learns how far it came.
    @Test func test_saysWhereItWasEnded() throws {
        let script =
            "#!/bin/bash\nset -eu\nme=it parts=('1 true' '2 leave')\nleave() { exit 3; }\n. ci/parts\nuntil_failure\n"
        try place.put(script, "ci/it")
        let result = try place.script("ci/it")
        #expect(result.status == 3)
        let rows = try table(result.output, "it")
        #expect(rows.count == 3 && rows[1] == "leave 2:00  ended in the middle", "\(rows)")
    }

    @Test func overBudget_isSaidAndNotFailed() throws {
        // Its budget is a minute less than nothing, so that no clock decides.
        try place.put("#!/bin/bash\nset -eu\nme=it parts=('-1 true')\n. ci/parts\nuntil_failure\n", "ci/it")
        let result = try place.script("ci/it")
        #expect(result.status == 0)
        #expect(result.output.contains("  over its budget\n"), "\(result.output)")
    }

    @Test func long_goesOnAfterAFailure() throws {
        try put("exit 7", "ci/soak-demo")
        let result = try place.script("ci/long", ["kills", "fuzz"])
        #expect(result.status == 1)
        #expect(try calls() == ["tools/build", "ci/soak-demo", "ci/fuzz 300"])
        let rows = try table(result.output, "long")
        #expect(rows.count == 4 && rows[1].hasSuffix("  failed with status 7"), "\(rows)")
    }

    /// Real ROMs are no part of the project: their tests are parts when variables name them.
    @Test func long_runsAllThereIs() throws {
        let names = { (text: String) in
            Set(text.split(separator: "\n").compactMap { $0.split(separator: " ").first })
        }
        let unset = "unset COREBOOT_ROM COREBOOT_ROM_X64 COREBOOT_ROM_SMM SEABIOS_ELF SEABIOS_BOOT_IMAGE; "
        let without = try place.shell(unset + "ci/long --list").output
        #expect(
            names(without) == [
                "demos", "kills", "soak", "attack", "bench", "fuzz", "emulator", "package", "fresh",
            ])
        #expect(try place.shell(unset + "ci/long").status == 0)
        #expect(
            try calls() == [
                "tools/build", "ci/demos 10", "ci/soak-demo", "ci/qemu --built soak_pagesAndAnswersStayRight",
                "tools/attack --soak 60", "ci/qemu --built BenchmarkTests", "ci/fuzz 300", "ci/emulator",
                "ci/package", "ci/fresh 12", "ci/fresh 13",
            ])
        let with = try place.shell(unset + "COREBOOT_ROM=x ci/long --list").output
        #expect(names(with) == names(without).union(["roms"]))
    }

    @Test(arguments: [["nothing"], ["fuzz", "--all"], ["roms"]])
    func reject_unknownPart(_ arguments: [String]) throws {
        let result = try place.shell("env -u COREBOOT_ROM ci/long \(arguments.joined(separator: " "))")
        #expect(result.status == 64)
        #expect(result.errors.hasPrefix("ci/long: no part is called "))
        #expect(try calls() == [])
    }
}

import Foundation
import Testing

/// `tools/tcb` counts what is linked, of the programs that the other tests run.
@Suite(.enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"))
struct TrustedCodeTests {
    private struct Row: Decodable {
        let part: String
        let name: String
        let value: Int
    }

    private func rows(in root: URL) throws -> [Row] {
        let result = try Command(root.appending(path: "tools/tcb"), ["--format", "json"]).run()
        try #require(result.status == 0, "\(result.errorText)")
        return try result.output.split(separator: "\n").map {
            try JSONDecoder().decode(Row.self, from: Data($0.utf8))
        }
    }

    @Test func count_everyModuleThatIsLinked() throws {
        let rows = try rows(in: Artefacts.root)
        for part in ["manager", "payload"] {
            let modules = rows.filter { $0.part == part && $0.name.hasPrefix("module.") }
            for place in part == "manager" ? ["machine", "manager"] : ["boot", "machine", "manager"] {
                let sum = modules.filter { $0.name.hasPrefix("module.\(place).") }.reduce(0) { $0 + $1.value }
                #expect(rows.filter { $0.part == part && $0.name == "lines.\(place)" }.map(\.value) == [sum])
                #expect(sum > 0)
            }
        }
        // What hand-written lists had left out, and what only the other program has.
        let names = Set(rows.map { "\($0.part) \($0.name)" })
        let linked = [
            "manager module.manager.GuestPolicy", "manager module.machine.CMemory",
            "payload module.boot.LZMA", "payload module.boot.FirmwareTables",
        ]
        #expect(names.isSuperset(of: linked))
        #expect(names.isDisjoint(with: ["manager module.boot.LZMA", "payload module.manager.ManagerCore"]))
    }

    /// A module that lies in no folder of trusted code, and one in the manager's folder that is not the manager's.
    @Test func reject_foreignModule() throws {
        let withoutOne = try tree { $0 != "GuestPolicy" }
        try expectRefusal(
            of: withoutOne, "GuestPolicy is linked into .build-firmware/manager.elf, and lies in none of: ")
        let withAnother = try tree { _ in true }
        try FileManager.default.createDirectory(
            at: withAnother.appending(path: "Sources/Manager/Other"), withIntermediateDirectories: true)
        try expectRefusal(of: withAnother, "Sources/Manager/Other/ is not part of the manager")
    }

    private func expectRefusal(of root: URL, _ message: String) throws {
        let result = try Command(root.appending(path: "tools/tcb"), []).run()
        #expect(result.status != 0)
        #expect(result.errorText.contains(message), "\(result.errorText)")
    }

    /// The sources and products, by links, with those of the manager's modules that are wanted.
    private func tree(with isWanted: (String) -> Bool) throws -> URL {
        let root = Artefacts.temporary.appending(path: "tcb-\(UUID().uuidString)")
        let files = FileManager.default
        for folder in ["tools", "Sources/Manager"] {
            try files.createDirectory(at: root.appending(path: folder), withIntermediateDirectories: true)
        }
        for name in ["tools/tcb", "tools/firmware"] {
            try files.copyItem(at: Artefacts.root.appending(path: name), to: root.appending(path: name))
        }
        let modules = try files.contentsOfDirectory(
            atPath: Artefacts.root.appending(path: "Sources/Manager").path)
        for name in modules.filter(isWanted).map({ "Sources/Manager/\($0)" })
            + ["Sources/Boot", "Sources/Machine", "smm", "coreboot-payload", ".build-firmware"]
        {
            try files.createSymbolicLink(
                at: root.appending(path: name), withDestinationURL: Artefacts.root.appending(path: name))
        }
        return root
    }

    /// Firmware without a heap has no symbol of one.
    @Test func noForbiddenSymbols() throws {
        let found = try rows(in: Artefacts.root).filter { $0.name == "symbols.forbidden" }
        #expect(found.map(\.part) == ["manager", "payload"])
        #expect(found.map(\.value) == [0, 0])
    }

    /// What is trusted grows only when somebody says so.
    @Test func nothingGrewUnsaid() throws {
        let result = try Command(Artefacts.root.appending(path: "tools/tcb"), ["--check"]).run()
        #expect(result.status == 0, "\(result.errorText)")
    }

    /// A number that grew, one without a limit, and a limit of what is gone.
    @Test(
        arguments: [
            ("manager ud2 ", "manager ud2 1\n", "manager ud2 grew from 1 to "),
            ("payload module.boot.LZMA ", "", "payload module.boot.LZMA is 1, and has no line in "),
            ("host unsafe ", "host unsafe 1\n", "host unsafe grew from 1 to "),
            ("manager ud2 ", "manager ud3 1\nmanager ud2 9999\n", "manager ud3 is not there any more"),
        ])
    func reject_growth(_ line: String, _ instead: String, _ message: String) throws {
        let limits = try String(
            contentsOf: Artefacts.root.appending(path: "tools/tcb.limits"), encoding: .utf8)
        let found = try #require(limits.split(separator: "\n").first { $0.hasPrefix(line) })
        let file = Artefacts.temporary.appending(path: "limits-\(UUID().uuidString)")
        try limits.replacing("\(found)\n", with: instead).write(to: file, atomically: true, encoding: .utf8)
        let result = try Command(Artefacts.root.appending(path: "tools/tcb"), ["--check", file.path]).run()
        #expect(result.status == 1)
        #expect(result.errorText.contains("tcb: \(message)"), "\(result.errorText)")
    }
}

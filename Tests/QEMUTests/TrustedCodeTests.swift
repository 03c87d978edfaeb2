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
            for ring in ["abi", "core", "machine"] {
                let sum = modules.filter { $0.name.hasPrefix("module.\(ring).") }.reduce(0) { $0 + $1.value }
                #expect(rows.filter { $0.part == part && $0.name == "lines.\(ring)" }.map(\.value) == [sum])
                #expect(sum > 0)
            }
        }
        // What hand-written lists had left out, and what only the other program has.
        let names = Set(rows.map { "\($0.part) \($0.name)" })
        let linked = [
            "manager module.core.GuestPolicy", "manager module.machine.CMemory", "payload module.core.LZMA",
            "payload module.core.FirmwareConfig", "payload module.core.TableLoader",
        ]
        #expect(names.isSuperset(of: linked))
        #expect(names.isDisjoint(with: ["manager module.core.LZMA", "payload module.core.ManagerCore"]))
    }

    /// A module that lies in no ring.
    @Test func reject_foreignModule() throws {
        let root = Artefacts.temporary.appending(path: "tcb-\(UUID().uuidString)")
        let files = FileManager.default
        for folder in ["tools", "Sources/Core"] {
            try files.createDirectory(at: root.appending(path: folder), withIntermediateDirectories: true)
        }
        try files.copyItem(
            at: Artefacts.root.appending(path: "tools/tcb"), to: root.appending(path: "tools/tcb"))
        let core = try files.contentsOfDirectory(atPath: Artefacts.root.appending(path: "Sources/Core").path)
        for name in core.filter({ $0 != "GuestPolicy" }).map({ "Sources/Core/\($0)" })
            + ["Sources/ABI", "Sources/Machine", "smm", "coreboot-payload", ".build-firmware"]
        {
            try files.createSymbolicLink(
                at: root.appending(path: name), withDestinationURL: Artefacts.root.appending(path: name))
        }
        let result = try Command(root.appending(path: "tools/tcb"), []).run()
        #expect(result.status != 0)
        #expect(
            result.errorText.contains(
                "GuestPolicy is linked into .build-firmware/manager.elf, and in no ring"))
    }
}

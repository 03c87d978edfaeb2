import Foundation
import Testing

/// `tools/debug` on a machine: gdb is no part of what the project needs.
@Suite(
    .enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"),
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gdb"), "needs gdb"), .serialized)
struct DebugToolTests {
    /// What CONTRIBUTING shows: a stop in the manager, from whose assembly Swift was entered.
    @Test func stop_inTheManager() throws {
        let result = try Command(
            Artefacts.root.appending(path: "tools/debug"), ["--", "-batch", "-ex", "backtrace"]
        ).run()
        let frames = result.output.split(separator: "\n").filter { $0.hasPrefix("#") }
        try #require(frames.count == 2, "\(result.output)\(result.errorText)")
        #expect(frames[0].contains("sice_manager_enter") && frames[0].contains("Entry.swift:"))
        #expect(frames[1].contains("sice_entry64 ()") && frames[1].contains("entry.S:"))
        #expect(result.status == 0)
    }
}

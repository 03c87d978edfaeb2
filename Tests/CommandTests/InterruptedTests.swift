import Evidence
import EvidenceForge
import EvidenceFormat
import Fixtures
import Foundation
import Glibc
import StrictJSON
import Testing

/// Commands that a person or a supervisor ends leave nothing half done.
@Suite struct InterruptedTests {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    /// A server that gives honest evidence, once.
    private func server() -> CannedServer {
        let body = Forge().bundle().json.text
        return CannedServer(
            Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
    }

    private func start(
        _ workplace: Workplace, _ arguments: [String], _ environment: [String: String] = [:]
    ) throws -> Process {
        let process = Process()
        process.executableURL = Workplace.program("sice-attest")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = URL(filePath: workplace.folder)
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Ends the process once `isThere`; returns what it ended of.
    private func end(
        _ process: Process, by signal: Int32, once isThere: () throws -> Bool
    ) rethrows -> Int32 {
        while process.isRunning, (try? isThere()) != true { usleep(10_000) }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal ? process.terminationStatus : -1
    }

    /// The challenge's reader does not come: the evidence is written, and waits for it under its temporary name.
    @Test(arguments: signals) func outputFile_isRemoved(_ signal: Int32) throws {
        let workplace = try Workplace()
        try workplace.write("old".utf8, to: "evidence.json")
        let isMade = unsafe mkfifo(workplace.folder + "/challenge", 0o600) == 0
        #expect(isMade)
        let process = try start(
            workplace,
            [
                "collect", "--url", server().url, "--environment", "1", "--out", "evidence.json",
                "--challenge",
                "challenge",
            ])
        let ended = try end(process, by: signal) { try workplace.files.contains { $0.hasPrefix(".sice-") } }
        #expect(ended == signal)
        #expect(try workplace.files == ["challenge", "evidence.json"])
        #expect(try workplace.read("evidence.json") == Array("old".utf8))
    }

    /// A signal that was to be ignored, as under nohup, stays so.
    @Test func ignoredSignal_endsNothing() throws {
        let workplace = try Workplace()
        let url = server().url
        let result = try workplace.shell(
            """
            trap '' HUP; mkfifo challenge
            $attest collect --url \(url) --environment 1 --out evidence.json --challenge challenge >said &
            until ls .sice-* >/dev/null 2>&1; do sleep 0.01; done
            kill -HUP $!; cat challenge >kept; wait $!
            """)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try workplace.files == ["challenge", "evidence.json", "kept", "said"])
    }

    /// The folder in which cbfstool works, and cbfstool; the program stands in for one that takes its time.
    @Test(arguments: signals) func temporaryFolder_isRemoved(_ signal: Int32) throws {
        let workplace = try Workplace()
        try workplace.put("#!/bin/sh\necho $$ >running\nexec sleep 60\n", "bin/cbfstool")
        try workplace.write(SampleROM().bytes, to: "rom")
        let temporary = "\(workplace.folder)/temporary"
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: false)
        let process = try start(
            workplace, ["unflash", "--rom", "rom", "--out", "new"],
            ["PATH": "\(workplace.folder)/bin:/usr/bin:/bin", "TMPDIR": temporary])
        func child() throws -> pid_t? {
            pid_t(String(decoding: try workplace.read("running"), as: UTF8.self).dropLast())
        }
        let ended = try end(process, by: signal) { try child() != nil }
        #expect(ended == signal)
        let tool = try #require(try child())
        #expect(kill(tool, 0) != 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
    }
}

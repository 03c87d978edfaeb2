import Diagnostics
import EvidenceFormat
import Foundation
import SICEABI
import Soaking
import StrictJSON
import Testing

/// The lines for a real shell, with a `sice` that says what it was asked for.
@Suite final class ShellSoakHostTests {
    private static let info = #"{"schema": "sice.info/1", "interface": 4, "free_pages": 998}"#
    private static let entry = EnvironmentListing.Entry(
        identifier: 257, name: "bell", state: .dead, mode: .timeSharing, isDebug: false, pages: 20, runs: 3,
        measurement: Array(repeating: 1, count: 32), windowPages: [])

    private let folder = FileManager.default.temporaryDirectory.appending(
        path: "sice-soak-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Runs lines with a `sice` that lists ``entry``, and does what `body` says for all else.
    private func host(_ body: String) -> ShellSoakHost {
        let list = EnvironmentListing([Self.entry]).json.text
        let sice = """
            sice() {
                case "$*" in
                    "list --format json") printf %s \(list.shellWord) ;;
                    "info --format json") echo \(Self.info.shellWord) ;;
                    *) \(body) ;;
                esac
            }

            """
        return ShellSoakHost(folder: folder.path) { line in
            let process = Process()
            let pipe = Pipe()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", sice + line]
            process.standardOutput = pipe
            process.standardError = pipe
            try process.run()
            let output = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return String(decoding: output, as: UTF8.self)
        }
    }

    @Test func look_seesWhatIsThere() throws {
        #expect(
            try host("false").perform(nil)
                == SoakObservation(status: 0, output: "", environments: [Self.entry], freePages: 998))
    }

    static let words: [(SoakCommand, String)] = [
        (.create(.bell), "create /tests/bell.image"), (.create(.checksum), "create /images/checksum.image"),
        (.run(257, core: nil), "run 257 --mode time-sharing"),
        (.run(257, core: 2), "run 257 --mode multi-core --core 2"),
        (.move(257, core: 1), "move 257 --mode multi-core --core 1"),
        (.move(257, core: nil), "move 257 --mode time-sharing"), (.stop(257), "stop 257"),
        (.destroy(257), "destroy 257"),
    ]

    @Test(arguments: words) func command_isSaidAndItsEndRead(_ command: SoakCommand, _ words: String) throws {
        let seen = try host(#"echo "$*"; echo "and on" >&2; (exit 69)"#).perform(command)
        #expect(seen.output == words + "\nand on" && seen.status == 69)
    }

    /// The request comes by standard input, the answer by a file.
    @Test func call_givesBytes() throws {
        let seen = try host(#"cat >"$8"; printf '\377' >>"$8""#).perform(.call(257, input: "12"))
        #expect(seen.output == "3132ff" && seen.status == 0)
    }

    @Test func call_thatFailsHasNoAnswer() throws {
        _ = try host(#"cat >"$8""#).perform(.call(257, input: "12"))
        let seen = try host(#"echo "error: SICE-E0318: x" >&2; (exit 69)"#).perform(.call(257, input: "12"))
        #expect(seen.output == "error: SICE-E0318: x" && seen.status == 69)
        // Not the answer of before.
        let silent = try host("true").perform(.call(257, input: "12"))
        #expect(silent.output.hasSuffix("No such file or directory"))
    }

    @Test(arguments: ["", "soak: status 0\n", "soak: status x\n{}soak: listed\n{}soak: informed"])
    func reject_whatIsNoAnswer(_ text: String) {
        let error = #expect(throws: ToolError.self) { try ShellSoakHost { _ in text }.perform(nil) }
        #expect(error?.code == .targetRefused)
    }
}

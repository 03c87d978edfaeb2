import Evidence
import EvidenceForge
import EvidenceFormat
import Fixtures
import Foundation
import Glibc
import StrictJSON
import Testing

@testable import MachineRunner

/// Results that cannot be written are failures; what passes is not.
@Suite struct StandardStreamTests {
    private func prepared() throws -> Workplace {
        let workplace = try TinyProgram.prepared()
        try workplace.write(SampleROM.bootable.bytes, to: "rom")
        try workplace.write(Forge().bundle().json.text.utf8, to: "evidence.json")
        #expect(try workplace.shell("$attest build --manifest tiny.json --out image").status == 0)
        return workplace
    }

    static let printing = [
        "measure image", "measure image --format json", "inspect image", "inspect image --format json",
        "inspect rom",
        "inspect rom --format json", "diff image image", "diff image image --format json", "explain",
        "explain E0104",
        "explain --format json", "doctor", "doctor --format json", "verify --evidence evidence.json",
        "verify --evidence evidence.json --format json", "verify --evidence rom",
        "build --manifest tiny.json --out new", "build --manifest tiny.json --out new --format json",
        "reference --rom rom --out new", "export --evidence evidence.json --out parts", "--help",
        "help build",
        "build --help", "--version", "--generate-completion-script bash",
    ]

    @Test(arguments: printing) func fullOrClosedOutput_exits74(_ command: String) throws {
        let workplace = try prepared()
        for (redirection, reason) in [
            (">/dev/full", "No space left on device"), (">&-", "Bad file descriptor"),
        ] {
            let result = try workplace.shell("$attest \(command) \(redirection)")
            #expect(result.status == 74, "\(redirection)")
            #expect(result.errors.hasPrefix("error: SICE-E0902: "), "\(result.errors)")
            #expect(result.errors.contains("standard output: \(reason)"), "\(result.errors)")
        }
    }

    @Test(arguments: ["--help", "list --help", "--version", "--generate-completion-script bash"])
    func fullOrClosedOutput_ofTheHostsTool_exits74(_ command: String) throws {
        for redirection in [">/dev/full", ">&-"] {
            let result = try Workplace().shell("$sice \(command) \(redirection)")
            #expect(
                result.status == 74 && result.errors.contains("SICE-E0902"),
                "\(redirection): \(result.errors)")
        }
    }

    /// As every filter ends, and without a word; where the signal is ignored, as a supervisor may have it, it is a failure.
    @Test(arguments: [("default", 141), ("ignore", 74)])
    func readerThatGoes_endsTheProgram(_ signal: String, _ status: Int32) throws {
        let result = try Workplace().shell(
            """
            mkfifo pipe; exec 4<>pipe 3>pipe 4<&-
            env --\(signal)-signal=PIPE $attest explain >&3
            """)
        #expect(result.status == status)
        #expect(result.errors.contains("standard output: Broken pipe") == (status == 74))
        #expect(result.errors.isEmpty == (status == 141))
    }

    /// F_SETPIPE_SZ of fcntl(2).
    private let setPipeSize: Int32 = 1031

    /// A pipe that somebody set to not waiting, and whose reader is slow: nothing is lost.
    @Test func fullPipe_isWaitedFor() throws {
        let whole = try Workplace().attest("explain").output
        let pipe = Pipe()
        let file = pipe.fileHandleForWriting.fileDescriptor
        #expect(fcntl(file, F_SETFL, O_NONBLOCK) == 0)
        #expect(fcntl(file, setPipeSize, 4096) == 4096)
        let process = Process()
        process.executableURL = Workplace.program("sice-attest")
        process.arguments = ["explain"]
        process.standardOutput = pipe
        try process.run()
        try pipe.fileHandleForWriting.close()
        usleep(300_000)
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(text == whole)
    }

    @Test func emptyPipe_isWaitedFor() throws {
        let workplace = try prepared()
        let expected = try workplace.attest("measure", "image").output
        let image = Data(try workplace.read("image"))
        let (input, output) = (Pipe(), Pipe())
        #expect(fcntl(input.fileHandleForReading.fileDescriptor, F_SETFL, O_NONBLOCK) == 0)
        let process = Process()
        process.executableURL = Workplace.program("sice-attest")
        process.arguments = ["measure", "-"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        usleep(300_000)
        try input.fileHandleForWriting.write(contentsOf: image)
        try input.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && text == expected)
    }

    /// A server serves on when the reader of its words has gone, also of those that it says first.
    @Test(.timeLimit(.minutes(5))) func serve_outlivesItsReader() throws {
        let workplace = try Workplace()
        let port = try LoopbackPort.reserve(0)
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "--default-signal=PIPE", Workplace.program("siced").path, "--port", "\(port)",
        ]
        process.standardError = pipe
        process.standardOutput = pipe
        try process.run()
        let ask = "exec 3<>/dev/tcp/127.0.0.1/\(port) && printf 'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' >&3"
        var answer = ""
        while process.isRunning, answer.isEmpty {
            answer = try workplace.shell("{ \(ask) && head -n 1 <&3; } 2>/dev/null").output
            usleep(20_000)
        }
        #expect(process.isRunning && answer.hasPrefix("HTTP/1.1 404"), "\(answer)")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

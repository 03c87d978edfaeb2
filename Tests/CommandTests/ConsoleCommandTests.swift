import Fixtures
import Foundation
import Glibc
import LinuxSystem
import Testing

/// `sice console` on a terminal, connected to a guest that the test plays, in a /run of its own.
@Suite(.enabled(if: Privileges.mounts, "nothing can be mounted here")) struct ConsoleCommandTests {
    /// Listens where the guest's server would.
    private func listen(_ workplace: Workplace) throws -> OpenFile {
        let folder = "\(workplace.folder)/run/sice"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let address = try #require(SocketAddress(path: "\(folder)/console-1"))
        let listener = try OpenFile(socketFor: address)
        try listener.bind(to: address)
        try listener.listen(1)
        return listener
    }

    private func start(_ workplace: Workplace, _ terminal: PseudoTerminal, _ output: Any) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let mount = "mount --bind \(workplace.folder)/run /run && exec \"$0\" console 1"
        process.arguments = [
            "--default-signal=PIPE", "unshare", "-m", "sh", "-c", mount, Workplace.program("sice").path,
        ]
        process.standardInput = FileHandle(fileDescriptor: terminal.program)
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    @Test(.timeLimit(.minutes(15)), arguments: [SIGTERM, SIGHUP, SIGINT])
    func signal_restoresTheTerminal(_ signal: Int32) throws {
        let (workplace, terminal) = (try Workplace(), try PseudoTerminal())
        let listener = try listen(workplace)
        let process = try start(workplace, terminal, FileHandle.nullDevice)
        while process.isRunning, terminal.isAsUsual { usleep(10_000) }
        #expect(!terminal.isAsUsual)
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
        #expect(terminal.isAsUsual)
        terminal.close()
        withExtendedLifetime(listener) {}
    }

    /// `sice console 1 | head`, and a full disk: what the guest says then ends the program, and not the terminal.
    @Test(.timeLimit(.minutes(15)), arguments: [true, false])
    func lostOutput_restoresTheTerminal(_ isPipe: Bool) throws {
        let (workplace, terminal) = (try Workplace(), try PseudoTerminal())
        let listener = try listen(workplace)
        let pipe = Pipe()
        let output: Any = isPipe ? pipe : try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let process = try start(workplace, terminal, output)
        try pipe.fileHandleForReading.close()
        let client = try listener.accept()
        while process.isRunning, terminal.isAsUsual { usleep(10_000) }
        try client.sendWhole(Array("login: ".utf8))
        process.waitUntilExit()
        #expect(process.terminationStatus == (isPipe ? SIGPIPE : 74))
        #expect(terminal.isAsUsual)
        terminal.close()
        withExtendedLifetime(listener) {}
    }

    /// What the server says last, and its silence, is what the command says and ends with.
    @Test(
        .timeLimit(.minutes(15)),
        arguments: [
            ([0xFF, 236], 0, "sice: the guest's machine has ended"), ([0xFF, 238], 69, "SICE-E0977"),
            ([], 69, "SICE-E0978"),
        ] as [([UInt8], Int32, String)])
    func end_isToldAsItIs(_ farewell: [UInt8], _ status: Int32, _ words: String) throws {
        let (workplace, listener) = try { ($0, try listen($0)) }(Workplace())
        Thread.detachNewThread {
            try? listener.accept().sendWhole(Array("last words\n".utf8) + farewell)
        }
        let result = try workplace.shell(
            "unshare -m sh -c 'mount --bind run /run && exec \"$0\" console 1' $sice </dev/null")
        #expect(result.status == status)
        #expect(result.output == "last words\n")
        #expect(result.errors.contains(words), "\(result.errors)")
    }
}

public import Diagnostics
internal import Foundation
internal import SICEABI

/// A machine without an operating system: a ROM whose next program reports on the second serial port and ends the
/// machine by itself. Its TPM has no identity; it is for programs that attack or measure the machine.
public final class BareMachine: Sendable {
    /// How it is put together.
    public struct Configuration: Sendable {
        public var rom: String
        /// Folder for sockets and logs; must exist. What the next program says is in ``report`` there.
        public var folder: String
        public var emulator = Emulator.installed
        public var cores = 2
        /// RAM and TSEG in MiB.
        public var memory = 1024
        public var smram = 64
        /// Whether a reset ends it. What a program said before one stays in ``report``.
        public var endsAtReset = true
        /// Whether ``BareMachine/reset()`` may be called, and ``BareMachine/wait(_:)`` tells a stuck emulator.
        public var hasMonitor = false
        /// Files of the firmware configuration device: names and text.
        public var settings: [(name: String, text: String)] = []
        /// More of QEMU's arguments, devices above all. Paths are relative to the folder.
        public var devices: [String] = []

        public init(rom: String, folder: String) {
            self.rom = rom
            self.folder = folder
        }

        /// Absolute path of what the next program said.
        public var report: String { "\(folder)/report" }
        /// Absolute path of what the firmware said.
        public var console: String { "\(folder)/\(FileName.consoleLog)" }
    }

    private let parts: MachineParts
    var machine: ChildProcess { parts.machine }
    let folder: String
    let hasMonitor: Bool
    /// What its programs write, both ports.
    private let words: [String]

    /// Starts it. Throws `programMissing`, `outputFailed`, `machineDied`, `folderInUse`.
    public init(_ configuration: Configuration) throws(ToolError) {
        folder = configuration.folder
        hasMonitor = configuration.hasMonitor
        words = [configuration.report, configuration.console]
        _ = try Program.find(configuration.emulator)
        let lock = try FolderLock(folder)
        // Of a machine that was here before.
        for file in [configuration.report, configuration.console] {
            try? FileManager.default.removeItem(atPath: file)
        }
        try? FileManager.default.createDirectory(atPath: "\(folder)/tpm", withIntermediateDirectories: true)
        parts = try MachineParts(
            configuration.emulator, BareMachine.arguments(configuration), in: folder, lock)
    }

    /// Waits until it has ended, and ends it when the patience is at its end.
    public func wait(_ patience: Patience) -> MachineEnd {
        let deadline = Date(timeIntervalSinceNow: patience.total)
        var time = OwnTime(of: machine.identifier)
        var (written, silence) = (bytesWritten, 0.0)
        while machine.isRunning {
            Thread.sleep(forTimeInterval: 0.02)
            let (now, passed) = (bytesWritten, time.passed())
            silence = now == written ? silence + passed : 0
            written = now
            guard silence < patience.silence else { return stop(because: isStuck ? .stuck : .silent) }
            guard Date() < deadline else { return stop(because: .unfinished) }
        }
        let end = machine.wait()
        stop()
        return end
    }

    private var bytesWritten: [Int] {
        words.map { path in
            (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
        }
    }

    private func stop(because end: MachineEnd) -> MachineEnd {
        stop()
        return end
    }

    public var isRunning: Bool { machine.isRunning }

    /// Resets it as a button would; it must have a monitor. Throws `targetUnreachable`.
    public func reset() throws(ToolError) {
        let monitor = try FolderSocket(folder, FileName.monitor)
        monitor.send("system_reset\n")
        // It reads on while somebody listens.
        monitor.waitForSilence(milliseconds: 20)
    }

    /// Ends it.
    public func stop() { parts.stop() }

    private static func arguments(_ configuration: Configuration) -> [String] {
        var arguments = [
            "-machine", "q35,smm=on", "-accel", "tcg,thread=multi", "-cpu",
            MachineConfiguration.processor,
            "-smp", "\(configuration.cores)", "-m", "\(configuration.memory)",
            "-global", "mch.extended-tseg-mbytes=\(configuration.smram)", "-bios", configuration.rom,
            "-nodefaults", "-display", "none",
            "-serial", "file:\(FileName.consoleLog)", "-serial", "file:report",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
            "-chardev", EmulatorOption("socket", ["id": "tpm", "path": FileName.tpm]).text,
            "-tpmdev", "emulator,id=tpm0,chardev=tpm", "-device", "tpm-tis,tpmdev=tpm0",
        ]
        if configuration.hasMonitor {
            arguments += ["-monitor", "unix:\(FileName.monitor),server=on,wait=off"]
        }
        if configuration.endsAtReset { arguments.append("-no-reboot") }
        for setting in configuration.settings {
            arguments += ["-fw_cfg", EmulatorOption(["name": setting.name, "string": setting.text]).text]
        }
        return arguments + configuration.devices
    }
}

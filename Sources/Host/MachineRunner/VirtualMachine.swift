internal import AttestClient
public import Diagnostics
internal import Foundation
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// A running machine: QEMU and its TPM. Both end when it is stopped, let go, or this program ends in whatever way, unless it is
/// detached.
public final class VirtualMachine: Sendable {
    /// Where `siced` of the legacy host answers.
    public let url: String
    /// QEMU's process.
    public var identifier: Int32 { machine.identifier }
    private let port: UInt16
    private let parts: MachineParts
    private var machine: ChildProcess { parts.machine }
    private let folder: String

    /// Starts the machine. Throws `fileMissing` for a ROM or disk that is not there, `programMissing`, `folderInUse` when
    /// the folder has a machine that runs, `portInUse`, `outputFailed`, `machineDied`.
    public init(_ configuration: MachineConfiguration) throws(ToolError) {
        // Looked for first, so that a missing program leaves nothing half made.
        for name in [configuration.emulator, "swtpm", "swtpm_setup"] { _ = try Program.find(name) }
        try SystemName.requireText(configuration.folder, otherwise: .outputFailed)
        let rom = try VirtualMachine.absolute(configuration.rom)
        let disk: String? =
            if let path = configuration.disk { try VirtualMachine.absolute(path) } else { nil }
        folder = configuration.folder.absolutePath
        // Before anything is touched; where there is no folder it is nobody's, and none is made for a port that is taken.
        let isThere = FileManager.default.fileExists(atPath: folder)
        let lock = isThere ? try FolderLock(folder) : nil
        port = try LoopbackPort.reserve(configuration.port)
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch { throw ToolError(.outputFailed, "\(configuration.folder): \(error.localizedDescription)") }
        let held = if let lock { lock } else { try FolderLock(folder) }
        url = "http://127.0.0.1:\(port)"
        try TPMIdentity(folder: folder).prepare()
        if configuration.keepsMemory { try VirtualMachine.makeMemory("\(folder)/\(FileName.memory)") }
        parts = try MachineParts(
            configuration.emulator, configuration.arguments(rom: rom, disk: disk, port: port), in: folder,
            held)
    }

    /// An empty file, which QEMU makes as long as RAM is. It holds what the machine keeps secret, so it is its owner's alone.
    private static func makeMemory(_ path: String) throws(ToolError) {
        try? FileManager.default.removeItem(atPath: path)
        do throws(Errno) {
            _ = try OpenFile(
                path, .writeOnly, options: [.create, .exclusiveCreate], permissions: [.ownerReadWrite])
        } catch { throw ToolError(.outputFailed, "\(path): \(error)") }
    }

    /// Waits until the legacy host answers. Throws `machineDied`, `machineTimedOut`; the detail names the log.
    public func waitUntilReady(seconds: Double = 120) async throws(ToolError) {
        let deadline = Date(timeIntervalSinceNow: seconds)
        let client = try TargetClient(url: url, timeout: 10)
        while machine.isRunning {
            // A short wait asks again soon.
            if ReadinessProbe.answers(port, path: Self.readinessPath, milliseconds: 2000) {
                do throws(ToolError) {
                    _ = try await client.get(Self.readinessPath)
                    return
                } catch  where [.targetUnreachable, .targetTimedOut].contains(error.code) {}
            }
            if Date() > deadline, machine.isRunning {
                throw ToolError(.machineTimedOut, "\(folder)/\(FileName.consoleLog)")
            }
            try? await Task.sleep(for: .milliseconds(200))
        }
        throw ToolError(.machineDied, "\(folder)/\(FileName.machineLog) and \(folder)/\(FileName.consoleLog)")
    }

    private static let readinessPath = "/v1/environments"

    /// Waits until the machine ends by itself, and ends a TPM that it never met.
    public func wait() {
        _ = machine.wait()
        stop()
    }

    /// Ends the machine and its TPM.
    public func stop() { parts.stop() }

    /// Lets the machine go on after this program; the TPM ends with it.
    public func detach() { parts.detach() }

    private static func absolute(_ path: String) throws(ToolError) -> String {
        guard FileManager.default.isReadableFile(atPath: path) else { throw ToolError(.fileMissing, path) }
        return path.absolutePath
    }
}

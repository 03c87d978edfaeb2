public import Diagnostics
internal import Foundation
internal import SICEABI
internal import Synchronization
internal import Target

/// A running machine: QEMU and its TPM. Ends both when it is stopped or, unless detached, let go.
///
/// Sendable so that a signal's handler may stop it: all that changes is ``Process``, which is safe to share, and the
/// flag under the lock.
public final class VirtualMachine: Sendable {
    /// Where `sice serve` of the legacy host answers.
    public let url: String
    /// QEMU's process.
    public var identifier: Int32 { machine.identifier }
    private let port: UInt16
    private let machine: ChildProcess
    private let tpm: ChildProcess
    private let folder: String
    private let isDetached = Mutex(false)

    /// Starts the machine. Throws `fileMissing` for a ROM or disk that is not there, `programMissing`, `portInUse`,
    /// `outputFailed`, `machineDied`.
    public init(_ configuration: MachineConfiguration) throws(ToolError) {
        // Looked for first, so that a missing program leaves nothing half made.
        for name in ["qemu-system-x86_64", "swtpm", "swtpm_setup"] { _ = try Program.find(name) }
        try SystemName.requireText(configuration.folder, otherwise: .outputFailed)
        let rom = try VirtualMachine.absolute(configuration.rom)
        let disk: String? =
            if let path = configuration.disk { try VirtualMachine.absolute(path) } else { nil }
        port = try LoopbackPort.reserve(configuration.port)
        folder = configuration.folder.absolutePath
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch { throw ToolError(.outputFailed, "\(configuration.folder): \(error.localizedDescription)") }
        url = "http://127.0.0.1:\(port)"
        try TPMIdentity(folder: folder).prepare()
        tpm = try VirtualMachine.startTPM(folder)
        do throws(ToolError) {
            machine = try ChildProcess(
                "qemu-system-x86_64", configuration.arguments(rom: rom, disk: disk, port: port),
                folder: folder,
                log: "\(folder)/\(FileName.machineLog)")
        } catch {
            tpm.stop()
            throw error
        }
    }

    deinit { if !isDetached.withLock({ $0 }) { stop() } }

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

    /// Waits until the machine ends by itself.
    public func wait() { _ = machine.wait() }

    /// Ends the machine and its TPM.
    public func stop() {
        machine.stop()
        tpm.stop()
    }

    /// Lets the machine go on after this program; the TPM ends with it.
    public func detach() { isDetached.withLock { $0 = true } }

    private static func absolute(_ path: String) throws(ToolError) -> String {
        guard FileManager.default.isReadableFile(atPath: path) else { throw ToolError(.fileMissing, path) }
        return path.absolutePath
    }

    static func startTPM(_ folder: String) throws(ToolError) -> ChildProcess {
        try? FileManager.default.removeItem(atPath: "\(folder)/\(FileName.tpm)")
        let tpm = try ChildProcess(
            "swtpm",
            [
                "socket", "--tpm2", "--tpmstate", "dir=\(FileName.tpmState)", "--ctrl",
                "type=unixio,path=\(FileName.tpm)", "--terminate", "--log", "file=\(FileName.tpmLog)",
            ], folder: folder, log: "\(folder)/\(FileName.tpmLog)")
        while tpm.isRunning, !FileManager.default.fileExists(atPath: "\(folder)/\(FileName.tpm)") {
            Thread.sleep(forTimeInterval: 0.01)
        }
        guard tpm.isRunning else { throw ToolError(.machineDied, "swtpm; see \(folder)/\(FileName.tpmLog)") }
        return tpm
    }
}

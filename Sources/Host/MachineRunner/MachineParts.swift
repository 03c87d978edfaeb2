internal import Diagnostics
internal import Foundation
internal import SICEABI
internal import Synchronization

/// The programs that are a machine: an emulator, and a software TPM that ends with it.
final class MachineParts: Sendable {
    let machine: ChildProcess
    private let tpm: ChildProcess
    private let lock: Mutex<FolderLock?>
    private let isDetached = Mutex(false)

    /// Starts both in the machine's folder. Throws as ``ChildProcess``.
    init(
        _ emulator: String, _ arguments: [String], in folder: String, _ lock: FolderLock
    ) throws(ToolError) {
        tpm = try MachineParts.startTPM(folder, lock)
        do throws(ToolError) {
            machine = try ChildProcess(
                emulator, arguments, folder: folder, log: "\(folder)/\(FileName.machineLog)", lock: lock)
        } catch {
            tpm.stop()
            throw error
        }
        self.lock = Mutex(lock)
    }

    deinit { if !isDetached.withLock({ $0 }) { stop() } }

    /// Ends the emulator, then the TPM; the folder is free then.
    func stop() {
        machine.stop()
        tpm.stop()
        lock.withLock { $0 = nil }
    }

    /// Both may outlive this program. The folder is the emulator's then.
    func detach() {
        isDetached.withLock { $0 = true }
        lock.withLock { $0?.name(machine.identifier) }
        machine.detach()
        tpm.detach()
    }

    private static func startTPM(_ folder: String, _ lock: FolderLock) throws(ToolError) -> ChildProcess {
        let (socket, log) = ("\(folder)/\(FileName.tpm)", "\(folder)/\(FileName.tpmLog)")
        try? FileManager.default.removeItem(atPath: socket)
        let tpm = try ChildProcess(
            "swtpm",
            [
                "socket", "--tpm2", "--tpmstate", "dir=\(FileName.tpmState)", "--ctrl",
                "type=unixio,path=\(FileName.tpm)", "--terminate", "--log", "file=\(FileName.tpmLog)",
            ], folder: folder, log: log, lock: lock)
        while tpm.isRunning, !FileManager.default.fileExists(atPath: socket) {
            Thread.sleep(forTimeInterval: 0.01)
        }
        guard tpm.isRunning else { throw ToolError(.machineDied, "swtpm; see \(log)") }
        return tpm
    }
}

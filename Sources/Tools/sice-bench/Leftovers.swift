internal import Foundation
internal import LinuxSystem
internal import SystemPackage

/// What is still there of a machine whose command has ended.
enum Leftovers {
    /// Processes whose folder is the machine's, and whoever holds its lock.
    ///
    /// - Parameter folder: without links, as the kernel names it.
    static func inMachine(of folder: String) -> [String] {
        let machine = folder + "/machine"
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let found = processes.filter { Int($0) != nil }.filter { process in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")) == machine
        }.map { "process \($0)" }
        return isLocked("\(machine)/machine.lock") ? found + ["a keeper"] : found
    }

    private static func isLocked(_ path: String) -> Bool {
        guard let lock = try? FileLock(of: path) else { return false }
        return (try? lock.tryLock()) != true
    }
}

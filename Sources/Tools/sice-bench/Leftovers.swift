internal import Foundation
internal import Glibc

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
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return flock(file, LOCK_EX | LOCK_NB) != 0
    }
}

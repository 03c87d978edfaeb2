internal import Diagnostics
internal import Glibc
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// Whose a machine's folder is. It is held by the program that started the machine and by all of the machine itself, and free
/// when the last of them has ended, however that was (``LinuxSystem/FileLock``).
final class FolderLock: Sendable {
    private let lock: FileLock
    /// For ``ChildProcess``.
    var file: OpenFile { lock.file }

    /// How often, and in how many microseconds each, a machine is looked at that ends because whoever started it was killed.
    private static let (tries, pause): (Int, UInt32) = (200, 50_000)

    /// Takes it; the folder must be there. Throws `folderInUse`, which names the holder, `outputFailed`.
    init(_ folder: String) throws(ToolError) {
        let path = "\(folder)/\(FileName.lock)"
        let isTaken: Bool
        do throws(Errno) {
            lock = try FileLock(
                path, permissions: [.ownerReadWrite, .groupRead, .otherRead], options: .noFollow)
            isTaken = try !acquire()
        } catch { throw ToolError(.outputFailed, "\(path): \(error)") }
        guard !isTaken else { throw ToolError(.folderInUse, "\(folder): \(FolderLock.describe(holder))") }
        name(getpid())
    }

    /// Takes the lock; false when somebody has it who is there.
    private func acquire() throws(Errno) -> Bool {
        for _ in 0..<FolderLock.tries {
            if try lock.tryLock() { return true }
            // Not the holder's number where nobody has it: what it started needs a moment to end.
            guard FolderLock.isGone(holder) else { return false }
            usleep(FolderLock.pause)
        }
        return try lock.tryLock()
    }

    /// Says who holds it.
    func name(_ process: pid_t) {
        try? file.replaceContents(Array("\(process)\n".utf8))
    }

    private var holder: pid_t? {
        let text = try? file.readSome(16, at: 0)
        return text.flatMap { pid_t(String(decoding: $0.dropLast(), as: UTF8.self)) }
    }

    private static func isGone(_ holder: pid_t?) -> Bool {
        guard let holder else { return true }
        return kill(holder, 0) != 0 && errno == ESRCH
    }

    private static func describe(_ holder: pid_t?) -> String {
        guard let holder else { return "by a process that did not give its number" }
        let name = try? InputFile.read("/proc/\(holder)/comm", limit: 64, tooLarge: .fileMissing)
        let text = name.map { " (" + String(decoding: $0.dropLast(), as: UTF8.self) + ")" } ?? ""
        return "by process \(holder)\(text)"
    }
}

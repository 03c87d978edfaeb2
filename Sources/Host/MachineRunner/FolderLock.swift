internal import Diagnostics
internal import Glibc
internal import SICEABI

/// Whose a machine's folder is. It is held by the program that started the machine and by all of the machine itself, and free
/// when the last of them has ended, however that was: a lock of the kernel on an open file, not a file that is there.
final class FolderLock: Sendable {
    /// For ``ChildProcess``.
    let descriptor: Int32

    /// How often, and in how many microseconds each, a machine is looked at that ends because whoever started it was killed.
    private static let (tries, pause): (Int, UInt32) = (200, 50_000)

    /// Takes it; the folder must be there. Throws `folderInUse`, which names the holder, `outputFailed`.
    init(_ folder: String) throws(ToolError) {
        let path = "\(folder)/\(FileName.lock)"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else {
            throw ToolError(.outputFailed, "\(path): \(String(systemError: errno))")
        }
        self.descriptor = descriptor
        var tries = 0
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK else {
                throw ToolError(.outputFailed, "\(path): \(String(systemError: errno))")
            }
            // Not the holder's number where nobody has it: what it started needs a moment to end.
            let holder = holder
            guard tries < FolderLock.tries, holder == nil || kill(holder!, 0) != 0 && errno == ESRCH else {
                throw ToolError(.folderInUse, "\(folder): \(FolderLock.describe(holder))")
            }
            tries += 1
            usleep(FolderLock.pause)
        }
        name(getpid())
    }

    deinit { close(descriptor) }

    /// Says who holds it.
    func name(_ process: pid_t) {
        let text = Array("\(process)\n".utf8)
        ftruncate(descriptor, 0)
        _ = unsafe pwrite(descriptor, text, text.count, 0)
    }

    private var holder: pid_t? {
        var text = [UInt8](repeating: 0, count: 16)
        let count = unsafe pread(descriptor, &text, text.count, 0)
        return count > 1 ? pid_t(String(decoding: text[..<(count - 1)], as: UTF8.self)) : nil
    }

    private static func describe(_ holder: pid_t?) -> String {
        guard let holder else { return "by a process that did not give its number" }
        let name = try? InputFile.read("/proc/\(holder)/comm", limit: 64, tooLarge: .fileMissing)
        let text = name.map { " (" + String(decoding: $0.dropLast(), as: UTF8.self) + ")" } ?? ""
        return "by process \(holder)\(text)"
    }
}

internal import Diagnostics
internal import Glibc
internal import SICEABI

/// A lock between processes (flock) that the kernel lifts when its holder ends, however it ends.
final class LockFile {
    private let file: Int32
    private let path: String

    /// Opens the file, and makes it when it is not there. Throws `permissionDenied`.
    init(_ path: String) throws(ToolError) {
        self.path = path
        file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure }
    }

    deinit { if file >= 0 { close(file) } }

    private var failure: ToolError { ToolError(.permissionDenied, "\(path): \(String(systemError: errno))") }

    /// Takes the lock if nobody has it; whether it did. Throws `permissionDenied`.
    func lock() throws(ToolError) -> Bool {
        if flock(file, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK || errno == EINTR else { throw failure }
        return false
    }

    func unlock() { flock(file, LOCK_UN) }

    /// Who has the lock; nil when it cannot be found out.
    var holder: LockHolder? {
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { return nil }
        let number = UInt64(status.st_dev)
        // gnu_dev_major, gnu_dev_minor: parts of both lie in either half.
        let device = (number >> 8 & 0xFFF | number >> 32 & ~0xFFF, number & 0xFF | number >> 12 & 0xFFFF_FF00)
        // Never large: a line a lock.
        guard let bytes = try? InputFile.read("/proc/locks", limit: 1 << 20) else { return nil }
        return LockHolder(
            locks: String(decoding: bytes, as: UTF8.self), device: device, inode: UInt64(status.st_ino))
    }
}

/// The process that has a lock.
struct LockHolder: Equatable {
    let process: Int

    init(_ process: Int) { self.process = process }

    /// Finds it in the text of `/proc/locks` (proc(5)). Nil when no line is about this file, or the kernel does not tell
    /// a process of another namespace.
    init?(locks text: String, device: (major: UInt64, minor: UInt64), inode: UInt64) {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            // One that only waits has an arrow before its kind.
            guard fields.count > 5, fields[1] == "FLOCK", let process = Int(fields[4]), process > 0 else {
                continue
            }
            let place = fields[5].split(separator: ":")
            guard place.count == 3, UInt64(place[0], radix: 16) == device.major,
                UInt64(place[1], radix: 16) == device.minor, UInt64(place[2]) == inode
            else { continue }
            self.process = process
            return
        }
        return nil
    }

    /// Number and command, with what a terminal could take for its own replaced.
    var text: String {
        let bytes = (try? InputFile.read("/proc/\(process)/cmdline", limit: 1 << 20)) ?? []
        let words = bytes.prefix(120).map { (0x21..<0x7F).contains($0) ? $0 : UInt8(ascii: " ") }
        let command = String(decoding: words, as: UTF8.self).split(separator: " ").joined(separator: " ")
        return command.isEmpty ? "process \(process)" : "process \(process) (\(command))"
    }
}

internal import Diagnostics
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// A ``LinuxSystem/FileLock`` whose holder can be named.
final class LockFile {
    private let lock: FileLock
    private let path: String

    /// Opens the file, and makes it when it is not there. Throws `permissionDenied`.
    init(_ path: String) throws(ToolError) {
        self.path = path
        do throws(Errno) { lock = try FileLock(path, permissions: .ownerReadWrite) } catch {
            throw ToolError(.permissionDenied, "\(path): \(error)")
        }
    }

    /// Takes the lock if nobody has it; whether it did. Throws `permissionDenied`.
    func tryLock() throws(ToolError) -> Bool {
        do throws(Errno) { return try lock.tryLock() } catch {
            throw ToolError(.permissionDenied, "\(path): \(error)")
        }
    }

    func unlock() { lock.unlock() }

    /// Who has the lock; nil when it cannot be found out.
    var holder: LockHolder? {
        guard let status = try? lock.file.status() else { return nil }
        let number = UInt64(status.deviceID.rawValue)
        // gnu_dev_major, gnu_dev_minor: parts of both lie in either half.
        let device = (number >> 8 & 0xFFF | number >> 32 & ~0xFFF, number & 0xFF | number >> 12 & 0xFFFF_FF00)
        // Never large: a line a lock.
        guard let bytes = try? InputFile.read("/proc/locks", limit: 1 << 20) else { return nil }
        return LockHolder(
            locks: String(decoding: bytes, as: UTF8.self), device: device,
            inode: UInt64(status.inode.rawValue))
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

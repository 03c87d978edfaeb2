internal import Diagnostics
internal import Glibc
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// A place in the file system where one process at a time listens, and only its own user is let in: by the file's mode, and by
/// what the kernel says of who connects.
final class SocketPlace: Sendable {
    private let path: String
    private let user: uid_t
    /// Locked while this process listens there, whatever becomes of the file.
    private let lock: FileLock

    /// - Parameter user: who is let in.
    ///
    /// Throws `portInUse`, `permissionDenied`, `serviceFailed`.
    init(_ path: String, for user: uid_t = geteuid()) throws(ToolError) {
        let (lock, isTaken) = try Self.lock(path)
        guard isTaken else { throw ToolError(.portInUse, "\(path): another siced listens there") }
        // From here on the file is this process's to remove.
        (self.path, self.user, self.lock) = (path, user, lock)
    }

    private static func lock(_ path: String) throws(ToolError) -> (FileLock, Bool) {
        do throws(Errno) {
            let lock = try FileLock(path + ".lock", permissions: .ownerReadWrite)
            return (lock, try lock.tryLock())
        } catch {
            let isForbidden = error == .permissionDenied || error == .notPermitted
            throw ToolError(isForbidden ? .permissionDenied : .serviceFailed, "\(path): \(error)")
        }
    }

    deinit {
        // Before another one may make its own: the lock goes with its file.
        try? FileSystem.remove(path)
    }

    /// Takes the place of a socket that a dead process left. Throws `serviceFailed`.
    func listen() throws(ToolError) -> OpenFile {
        do throws(Errno) {
            return try OpenFile.listening(at: path, permissions: .ownerReadWrite, SOMAXCONN)
        } catch { throw ToolError(.serviceFailed, "\(path): \(error)") }
    }

    /// Whether who connected is the user. The mode alone would trust that nobody ever opened or passed on the file.
    func admits(_ connection: OpenFile) -> Bool {
        connection.use { PeerProcess($0.rawValue)?.user } == user
    }
}

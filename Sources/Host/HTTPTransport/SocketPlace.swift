internal import Diagnostics
internal import Glibc
internal import LocalSocket
internal import SICEABI

/// A place in the file system where one process at a time listens, and only its own user is let in: by the file's mode, and by
/// what the kernel says of who connects.
final class SocketPlace: Sendable {
    private let path: String
    private let user: uid_t
    /// Locked while this process listens there, whatever becomes of the file.
    private let lock: Int32

    /// - Parameter user: who is let in.
    ///
    /// Throws `portInUse`, `permissionDenied`.
    init(_ path: String, for user: uid_t = geteuid()) throws(ToolError) {
        let file = unsafe open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw ToolError(.permissionDenied, "\(path): \(String(systemError: errno))") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw ToolError(.portInUse, "\(path): another siced listens there")
        }
        // From here on the file is this process's to remove.
        (self.path, self.user, lock) = (path, user, file)
    }

    deinit {
        // Before another one may make its own.
        unsafe unlink(path)
        close(lock)
    }

    /// Takes the place of a socket that a dead process left. Throws `serviceFailed`.
    func listen() throws(ToolError) -> Int32 {
        unsafe unlink(path)
        let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | FileFlags.socket, 0)
        let isBound = unsafe UnixAddress.with(path) { address, size in unsafe bind(file, address, size) == 0 }
        // Nobody is let in before the mode is right: it does not listen yet.
        guard file >= 0, isBound, unsafe chmod(path, 0o600) == 0, Glibc.listen(file, SOMAXCONN) == 0 else {
            let error = ToolError(.serviceFailed, "\(path): \(String(systemError: errno))")
            if file >= 0 { close(file) }
            throw error
        }
        return file
    }

    /// Whether who connected is the user. The mode alone would trust that nobody ever opened or passed on the file.
    func admits(_ connection: Int32) -> Bool {
        PeerProcess(connection)?.user == user
    }
}

internal import CSMICall
internal import Diagnostics
internal import Glibc
internal import LocalSocket
internal import SICEABI

/// A socket in the file system that others connect to. Connections, and what comes through them, interrupt the thread that
/// made it (`sice_input_came`). The file goes when nobody holds this any more.
final class SocketListener {
    let path: String
    let file: Int32

    /// Takes the place of a socket that a dead process left. Throws `outputFailed`.
    init(_ path: String) throws(ToolError) {
        self.path = path
        unsafe unlink(path)
        file = socket(
            AF_UNIX,
            Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        let listener = file
        let isBound = unsafe UnixAddress.with(path) { address, size in
            unsafe bind(listener, address, size) == 0 && listen(listener, 1) == 0
        }
        guard file >= 0, isBound, sice_tell_of_input(file) == 0 else {
            throw ToolError(.outputFailed, "\(path): \(String(systemError: errno))")
        }
    }

    deinit {
        close(file)
        unsafe unlink(path)
    }

    /// Somebody who wants in, without waiting; nil for nobody.
    func accept() -> Int32? {
        let newcomer = sice_accept(file)
        guard newcomer >= 0 else { return nil }
        guard sice_tell_of_input(newcomer) == 0 else {
            close(newcomer)
            return nil
        }
        return newcomer
    }
}

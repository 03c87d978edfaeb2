internal import Glibc
internal import LocalSocket

/// Connections to the sockets of a guest's server.
enum LocalConnection {
    /// A tenth of a second lies between two tries.
    private static let pause: UInt32 = 100_000

    /// Connects, or gives the `errno` of the last of so many tries. A server that has stopped takes no connection out of its
    /// queue: who waits for room there (EAGAIN) must not wait for ever.
    ///
    /// - Parameter forServer: whether to wait for one that is not there yet, too.
    static func open(_ path: String, tries: Int, forServer: Bool) -> (file: Int32, error: Int32) {
        var error = ENOENT
        for attempt in 0..<tries {
            if attempt > 0 { usleep(pause) }
            let file = socket(
                AF_UNIX,
                Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            error = ENAMETOOLONG
            let isConnected = unsafe UnixAddress.with(path) { address, size in
                defer { error = errno }
                return unsafe connect(file, address, size) == 0
            }
            if isConnected, fcntl(file, F_SETFL, 0) == 0 { return (file, 0) }
            close(file)
            guard forServer || error == EAGAIN else { break }
        }
        return (-1, error)
    }
}

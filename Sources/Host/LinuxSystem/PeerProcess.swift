public import Glibc

/// The process at the other end of a socket, as it was when it connected or began to listen (unix(7), SO_PEERCRED).
public struct PeerProcess: Equatable, Sendable {
    public let process: pid_t
    public let user: uid_t

    /// Nil when the kernel does not tell.
    public init?(_ file: Int32) {
        // struct ucred, which the module does not show.
        var credentials: (process: pid_t, user: uid_t, group: gid_t) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        guard unsafe getsockopt(file, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return nil }
        (process, user) = (credentials.process, credentials.user)
    }
}

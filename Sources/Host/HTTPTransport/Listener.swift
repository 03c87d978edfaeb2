public import Diagnostics
internal import Glibc
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// A socket that listens.
public final class Listener: Sendable {
    /// Where, with the port that the system chose; nil for one in the file system.
    public let address: ListeningAddress?
    let file: OpenFile
    private let place: SocketPlace?

    /// A socket in the file system that only its maker's user may use. Throws `portInUse` when another process listens there,
    /// `permissionDenied`, `serviceFailed`.
    public init(socket path: String) throws(ToolError) {
        let place = try SocketPlace(path)
        file = try place.listen()
        self.place = place
        address = nil
    }

    /// Throws `portInUse`, `permissionDenied`, `invalidArgument`, `serviceFailed`.
    public init(_ address: ListeningAddress) throws(ToolError) {
        let opened = try address.listen()
        let local = try ToolError.ifRefused { () throws(Errno) in try opened.localAddress() }
        self.address = try address.withPort(local.port ?? 0)
        (file, place) = (opened, nil)
    }

    /// What became of the wish for a connection.
    enum Newcomer {
        case connection(OpenFile)
        /// Nobody is there, or no more.
        case nobody
        /// Somebody who may not come in was there.
        case stranger
        /// The system lacks something, or says what nobody foresaw: to try again at once would keep a core busy for nothing.
        case later
        /// Nobody will ever come: the socket is none, or does not listen.
        case never(Int32)

        /// accept(2) and the errors that the network's protocols pass on there.
        init(errno number: Int32) {
            switch number {
            case EAGAIN, EINTR, ECONNABORTED: self = .nobody
            case EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP, EFAULT: self = .never(number)
            default: self = .later
            }
        }
    }

    func accept() -> Newcomer {
        do throws(Errno) {
            let connection = try file.accept()
            return place?.admits(connection) ?? true ? .connection(connection) : .stranger
        } catch { return Newcomer(errno: error.rawValue) }
    }
}

public import Diagnostics
internal import Glibc
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// A socket that listens.
public final class Listener: Sendable {
    /// Where, with the port that the system chose; nil for one in the file system.
    public let address: ListeningAddress?
    private let opened: OpenFile
    private let place: SocketPlace?

    /// A socket in the file system that only its maker's user may use. Throws `portInUse` when another process listens there,
    /// `permissionDenied`, `serviceFailed`.
    public init(socket path: String) throws(ToolError) {
        let place = try SocketPlace(path)
        opened = try place.listen()
        self.place = place
        address = nil
    }

    /// Throws `portInUse`, `permissionDenied`, `invalidArgument`, `serviceFailed`.
    public init(_ address: ListeningAddress) throws(ToolError) {
        opened = OpenFile(FileDescriptor(rawValue: try address.listen()))
        place = nil
        self.address = try address.withPort(Listener.port(of: opened.descriptor.rawValue))
    }

    /// Its number, which is its own as long as this object is held.
    var file: Int32 { opened.descriptor.rawValue }

    /// What became of the wish for a connection.
    enum Newcomer: Equatable {
        case connection(Int32)
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
        let connection = Glibc.accept(file, nil, nil)
        guard connection >= 0 else { return Newcomer(errno: errno) }
        guard place?.admits(connection) ?? true else {
            close(connection)
            return .stranger
        }
        FileFlags.set(connection)
        return .connection(connection)
    }

    /// Both families have it at the same place.
    private static func port(of file: Int32) -> UInt16 {
        var address = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(file, $0, &size)
            }
        }
        return UInt16(bigEndian: address.sin6_port)
    }
}

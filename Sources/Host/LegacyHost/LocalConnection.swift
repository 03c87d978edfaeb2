internal import Glibc
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// Connections to the sockets of a guest's server, or of `siced`.
enum LocalConnection {
    /// A tenth of a second lies between two tries.
    private static let pause: UInt32 = 100_000

    /// Connects, or throws the error of the last of so many tries. A server that has stopped takes no connection out of its
    /// queue: who waits for room there (`resourceTemporarilyUnavailable`) must not wait for ever.
    ///
    /// - Parameter forServer: whether to wait for one that is not there yet, too.
    static func open(_ path: String, tries: Int, forServer: Bool) throws(Errno) -> OpenFile {
        guard let address = SocketAddress(path: path) else { throw .fileNameTooLong }
        for left in (0..<tries).reversed() {
            do throws(Errno) {
                let socket = try OpenFile(socketFor: address, waits: false)
                try socket.connect(to: address)
                try socket.makeWaiting()
                return socket
            } catch {
                guard left > 0, forServer || error == .resourceTemporarilyUnavailable else { throw error }
                usleep(pause)
            }
        }
        throw .noSuchFileOrDirectory
    }

    /// What it means that a server cannot be reached.
    static func code(of error: Errno) -> ErrorCode {
        error == .resourceTemporarilyUnavailable ? .guestServerSilent : .guestNotServed
    }
}

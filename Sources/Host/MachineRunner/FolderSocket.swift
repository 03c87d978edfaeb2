internal import Diagnostics
internal import Glibc
internal import LocalSocket
internal import SICEABI

/// A connection to a socket in a machine's folder.
final class FolderSocket: Sendable {
    private let descriptor: Int32

    /// `patience` is how many seconds ``receive()`` waits. Throws `targetUnreachable`.
    init(_ folder: String, _ name: String, patience: Int = 60) throws(ToolError) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        // By way of the open folder: its own path may be longer than an address can be.
        let directory = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(directory) }
        let isConnected = unsafe UnixAddress.with("/proc/self/fd/\(directory)/\(name)") { address, size in
            unsafe connect(descriptor, address, size) == 0
        }
        guard isConnected else {
            close(descriptor)
            throw ToolError(.targetUnreachable, "\(folder)/\(name)")
        }
        var time = timeval(tv_sec: patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress!, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// The next bytes; none when the other end closed, nil when nothing came in time.
    func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe read(descriptor, &buffer, buffer.count)
        return count < 0 ? nil : Array(buffer[..<count])
    }

    /// Reads on until nothing came for so long.
    func waitForSilence(milliseconds: Int32) {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&wait, 1, milliseconds) == 1, let bytes = receive(), !bytes.isEmpty {}
    }
}

internal import Glibc

/// Reads and writes that a signal interrupts, or that find a file set to not waiting, are not at their end: a terminal or a
/// pipe is shared with programs that may have set it so.
enum Descriptor {
    /// Writes all bytes. Returns 0, or the `errno` of what failed.
    static func write(_ bytes: [UInt8], to file: Int32) -> Int32 {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(file, buffer.baseAddress! + sent, buffer.count - sent)
            }
            if count > 0 {
                sent += count
            } else if count == 0 {
                return EIO
            } else if !isPassing(errno, file, POLLOUT) {
                return errno
            }
        }
        return 0
    }

    /// Fills a part of `buffer`, from `start` on. Returns how many bytes that is, 0 at the end, or -1 with `errno`.
    static func read(_ file: Int32, into buffer: inout [UInt8], from start: Int) -> Int {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(file, bytes.baseAddress! + start, bytes.count - start)
            }
            if count >= 0 || !isPassing(errno, file, POLLIN) { return count }
        }
    }

    /// Whether it is worth another try; waits until it is.
    private static func isPassing(_ error: Int32, _ file: Int32, _ event: Int32) -> Bool {
        guard error == EAGAIN else { return error == EINTR }
        var wait = pollfd(fd: file, events: Int16(event), revents: 0)
        return unsafe poll(&wait, 1, -1) >= 0 || errno == EINTR
    }
}

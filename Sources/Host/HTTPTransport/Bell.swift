internal import Diagnostics
internal import Glibc
internal import SICEABI

/// Wakes another thread, which waits for it alone or together with sockets. It rings on until somebody silences it.
final class Bell: Sendable {
    /// Becomes readable when it rings.
    let file: Int32
    private let rope: Int32

    /// Throws `serviceFailed` when the system has no files left.
    init() throws(ToolError) {
        var files: [Int32] = [-1, -1]
        guard unsafe pipe(&files) == 0 else {
            throw ToolError(.serviceFailed, String(systemError: errno))
        }
        for file in files { FileFlags.set(file) }
        (file, rope) = (files[0], files[1])
    }

    deinit {
        close(file)
        close(rope)
    }

    func ring() {
        // A pipe that is full rings already.
        _ = unsafe write(rope, [1], 1)
    }

    /// Waits until it rings, and silences it.
    func wait() {
        var entry = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&entry, 1, -1) < 0, errno == EINTR {}
        silence()
    }

    func silence() {
        var bytes = [UInt8](repeating: 0, count: 256)
        while unsafe read(file, &bytes, bytes.count) == bytes.count {}
    }
}

/// A thread of its own: what runs there blocks.
enum BackgroundThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Throws `serviceFailed`.
    static func start(_ body: @escaping @Sendable () -> Void) throws(ToolError) {
        let work = unsafe Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let error = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard error == 0 else {
            unsafe work.release()
            throw ToolError(.serviceFailed, "a thread: \(String(systemError: error))")
        }
        pthread_detach(thread)
    }
}

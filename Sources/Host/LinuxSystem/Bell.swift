internal import CLinux
public import SystemPackage

/// Wakes another thread, which waits for it alone or together with other files. It rings on until somebody silences it.
public final class Bell: Sendable {
    /// Can be read when it rings.
    public let file: OpenFile
    /// Once more, as the kernel counts (eventfd(2)).
    private static let once: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0]

    public init() throws(Errno) { file = try OpenFile(opened: sice_event_make()) }

    /// One that was rung more often than the kernel counts rings already.
    public func ring() { try? file.writeOnce(Self.once.span) }

    /// Waits until it rings, and silences it.
    public func wait() {
        // A signal may end the wait.
        while (try? file.wait(for: .input)) == nil {}
        silence()
    }

    public func silence() { _ = try? file.readSome(Self.once.count) }
}

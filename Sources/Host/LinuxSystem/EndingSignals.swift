internal import CLinux
public import SystemPackage

/// The signals by which a person or a supervisor ends a program, kept from doing so. Those that are ignored, as under nohup, stay
/// so.
public final class EndingSignals: Sendable {
    private let file: OpenFile
    /// Bytes that the kernel tells of one (signalfd(2)).
    private static let size = 128

    /// From now on the calling thread, and those that it starts, do not get them any more.
    public init() throws(Errno) { file = try OpenFile(opened: sice_hold_endings()) }

    /// Waits for the next one; false when none will come.
    public func wait() -> Bool { (try? file.readSome(Self.size))?.isEmpty == false }
}

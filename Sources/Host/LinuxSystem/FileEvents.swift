internal import CLinux
internal import Glibc
public import SystemPackage

/// What a file is ready for (poll).
public struct FileEvents: OptionSet, Sendable {
    public let rawValue: Int16

    public init(rawValue: Int16) { self.rawValue = rawValue }

    public static let input = FileEvents(rawValue: Int16(POLLIN))
    public static let output = FileEvents(rawValue: Int16(POLLOUT))
    public static let hangUp = FileEvents(rawValue: Int16(POLLHUP))

    /// Waits until one of these files is ready, or has an error or an end; nil stands for no file. Gives what each is ready for,
    /// nothing of each when the time was over. Throws `interrupted` when a signal came.
    ///
    /// - Parameter milliseconds: how long at most; -1: for ever.
    public func wait(
        for files: [FileDescriptor?], milliseconds: Int32 = -1
    ) throws(Errno) -> [FileEvents] {
        try FileEvents.wait(for: files.map { ($0, self) }, milliseconds: milliseconds)
    }

    /// The same where each file has events of its own.
    public static func wait(
        for files: [(file: FileDescriptor?, events: FileEvents)], milliseconds: Int32 = -1
    ) throws(Errno) -> [FileEvents] {
        var entries = files.map { pollfd(fd: $0?.rawValue ?? -1, events: $1.rawValue, revents: 0) }
        var span = entries.mutableSpan
        try checked(sice_poll(&span, milliseconds))
        return entries.map { FileEvents(rawValue: $0.revents) }
    }
}

extension FileDescriptor {
    /// Waits until the file is ready; gives for what, nothing when the time was over. Throws as ``FileEvents/wait(for:milliseconds:)``.
    public func wait(for events: FileEvents, milliseconds: Int32 = -1) throws(Errno) -> FileEvents {
        try events.wait(for: [self], milliseconds: milliseconds)[0]
    }
}

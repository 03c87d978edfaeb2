internal import Glibc
public import SystemPackage

/// An open file of this process, not of those that it starts; closed when nobody holds it any more.
public final class OpenFile: Sendable {
    /// Means this file as long as somebody holds this object; see ``use(_:)``.
    public let descriptor: FileDescriptor

    /// Takes it over.
    public init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    /// Takes over what a C function opened, unless it failed.
    convenience init(opened number: Int32) throws(Errno) {
        self.init(FileDescriptor(rawValue: try checked(number)))
    }

    /// Opens a file. Its name need not be text.
    public convenience init(
        name: [UInt8], _ mode: FileDescriptor.AccessMode, options: FileDescriptor.OpenOptions = [],
        permissions: FilePermissions? = nil
    ) throws(Errno) {
        let name = name.map { CChar(bitPattern: $0) } + [0]
        let options = options.union(.closeOnExec)
        self.init(
            try typed { unsafe try .open(name, mode, options: options, permissions: permissions) })
    }

    /// Opens a file.
    public convenience init(
        _ path: String, _ mode: FileDescriptor.AccessMode, options: FileDescriptor.OpenOptions = [],
        permissions: FilePermissions? = nil
    ) throws(Errno) {
        try self.init(name: Array(path.utf8), mode, options: options, permissions: permissions)
    }

    /// A number of its own, above the standard streams', for what is open already.
    public convenience init(duplicating file: FileDescriptor) throws(Errno) {
        try self.init(opened: fcntl(file.rawValue, F_DUPFD_CLOEXEC, 3))
    }

    deinit { try? descriptor.close() }

    /// Does something with the number, which is this file's until that is done: a number outlives its file where nobody holds it,
    /// and may be another file's then.
    public func use<Result, Failure>(
        _ body: (FileDescriptor) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(descriptor)
    }

    /// The same for a C function that fails with a negative number.
    @discardableResult
    func call<Number: SignedInteger>(_ body: (Int32) -> Number) throws(Errno) -> Number {
        try use { file throws(Errno) in try checked(body(file.rawValue)) }
    }
}

extension OpenFile {
    /// What it is.
    public func status() throws(Errno) -> Stat { try use { file throws(Errno) in try file.stat() } }

    /// Where reading goes on; nil for what has no places.
    public var position: Int64? { use { try? $0.seek(offset: 0, from: .current) } }

    /// Makes reading go on there.
    public func setPosition(_ position: Int64) { use { _ = try? $0.seek(offset: position, from: .start) } }

    /// Waits until all of it is on the disk.
    public func sync() throws(Errno) { try call { fsync($0) } }

    public func setPermissions(_ permissions: FilePermissions) throws(Errno) {
        try call { fchmod($0, permissions.rawValue) }
    }

    /// - Parameter user: nil leaves it as it is.
    public func setOwner(_ user: UserID?, _ group: GroupID) throws(Errno) {
        try call { fchown($0, user?.rawValue ?? uid_t.max, group.rawValue) }
    }

    /// Makes reads and writes of it wait.
    public func makeWaiting() throws(Errno) { try call { fcntl($0, F_SETFL, 0) } }
}

extension FileDescriptor {
    /// Whether it may be read.
    public func checkReadable() throws(Errno) {
        guard try checked(fcntl(rawValue, F_GETFL)) & O_ACCMODE != O_WRONLY else { throw .badFileDescriptor }
    }
}

extension FileDescriptor.OpenOptions {
    /// To look at the file, not to read or write it (O_PATH).
    public static var lookOnly: Self { Self(rawValue: 0o1000_0000) }
    /// A terminal does not become this process's own.
    public static var noTerminal: Self { Self(rawValue: O_NOCTTY) }
}

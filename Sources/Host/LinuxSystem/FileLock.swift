internal import Glibc
public import SystemPackage

/// A lock between processes (flock) that the kernel lifts when its last holder ends, however that ends: a lock of an open file,
/// not a file that is there. Programs that are started with the file open hold it, too.
public final class FileLock: Sendable {
    public let file: OpenFile

    /// Opens the file, and makes it when it is not there.
    public init(
        _ path: String, permissions: FilePermissions, options: FileDescriptor.OpenOptions = []
    ) throws(Errno) {
        file = try OpenFile(path, .readWrite, options: options.union(.create), permissions: permissions)
    }

    /// The lock of a file that is there.
    public init(of path: String) throws(Errno) { file = try OpenFile(path, .readOnly) }

    /// Takes the lock if nobody has it; whether it did.
    public func tryLock() throws(Errno) -> Bool {
        do throws(Errno) {
            try file.call { flock($0, LOCK_EX | LOCK_NB) }
            return true
        } catch {
            guard error.isTransient else { throw error }
            return false
        }
    }

    public func unlock() { _ = try? file.call { flock($0, LOCK_UN) } }
}

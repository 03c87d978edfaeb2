internal import COutput
internal import Glibc
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// Where a command writes its data; each output of each command goes through here.
///
/// A regular file appears under its name only when it is complete: written beside it, synced, then renamed, so that
/// neither a crash nor a full disk nor a signal leaves half a file behind. Its permissions are those of the file that it
/// replaces, or what the umask leaves. A link is followed. A device or pipe, and `-`, is written where it is.
public struct OutputFile: ~Copyable {
    /// For messages.
    private let name: String
    /// Where the file goes in the end; empty for what is written where it is.
    private let path: String
    private let before: Stat?
    private let file: OpenFile
    /// The temporary file's number, which another one may have afterwards; -1 for none, or when it got its name.
    private var temporary: Int32

    /// Opens it, or makes the temporary file. Throws `outputFailed`.
    public init(_ path: String) throws(ToolError) {
        try SystemName.requireText(path, otherwise: .outputFailed)
        let name = path == "-" ? StreamName.standardOutput : path
        do throws(Errno) {
            switch try OutputPlace.find(path) {
            case .open(let file):
                (self.name, self.path, before, self.file, temporary) = (name, "", nil, file, -1)
            case .replaced(let real, let old):
                let new = try TemporaryFile(beside: real, isPrivate: old != nil)
                (self.name, self.path, before) = (name, real, old)
                (file, temporary) = (new.file, new.number)
            }
        } catch { throw OutputFile.failure(path, error) }
    }

    deinit { sice_remove_temporary(temporary) }

    /// Appends bytes. Throws `outputFailed`.
    public func write(_ bytes: [UInt8]) throws(ToolError) {
        do throws(Errno) { try file.writeWhole(bytes) } catch {
            throw OutputFile.failure(name, error)
        }
    }

    /// Gives the file its name. What nobody needs after a crash need not be `synced`. Throws `outputFailed`.
    public consuming func commit(synced: Bool = true) throws(ToolError) {
        do throws(Errno) {
            try complete(synced: synced)
            guard unsafe sice_rename_temporary(temporary, path) == 0 else { throw Errno(rawValue: errno) }
            temporary = -1
        } catch { throw OutputFile.failure(name, error) }
    }

    /// Gives two files their names that are of use only together: both, or neither. Throws `outputFailed`.
    public static func commit(
        _ first: consuming OutputFile, _ second: consuming OutputFile
    ) throws(ToolError) {
        do throws(Errno) { try first.complete(synced: true) } catch { throw failure(first.name, error) }
        do throws(Errno) { try second.complete(synced: true) } catch {
            throw failure(second.name, error)
        }
        let refused = unsafe sice_rename_temporaries(
            first.temporary, first.path, second.temporary, second.path)
        let error = Errno(rawValue: errno)
        guard refused == 0 else { throw failure(refused == 1 ? first.name : second.name, error) }
        (first.temporary, second.temporary) = (-1, -1)
    }

    /// Writes a whole file at once. Throws `outputFailed`.
    public static func write(_ bytes: [UInt8], to path: String, synced: Bool = true) throws(ToolError) {
        let file = try OutputFile(path)
        try file.write(bytes)
        try file.commit(synced: synced)
    }

    /// Whether an output of this name is a file, or will be one, and no stream or device.
    public static func isFile(_ path: String) -> Bool {
        guard StreamName.output(path) == nil else { return false }
        guard let status = try? FilePath(path).stat() else { return true }
        return status.type == .regular
    }

    /// Whether two names lead to one regular file, which an output would replace while the other one is still of use.
    public static func isSame(_ first: String, _ second: String) -> Bool {
        guard first != "-", second != "-", let one = try? FilePath(first).stat(),
            let other = try? FilePath(second).stat()
        else { return false }
        return isSame(one, other)
    }

    /// Whether an output of this name would replace the regular file that standard output goes to.
    public static func replacesStandardOutput(_ path: String) -> Bool {
        guard isFile(path), let one = try? FilePath(path).stat(),
            let other = try? FileDescriptor.standardOutput.stat()
        else { return false }
        return isSame(one, other)
    }

    private static func isSame(_ one: Stat, _ other: Stat) -> Bool {
        one.type == .regular && one.deviceID == other.deviceID && one.inode == other.inode
    }

    private borrowing func complete(synced: Bool) throws(Errno) {
        if temporary >= 0, let before { try assume(before) }
        guard synced else { return }
        do throws(Errno) { try file.sync() } catch {
            // What is no file on a disk cannot be synced.
            guard temporary < 0, [.invalidArgument, .readOnlyFileSystem].contains(error) else { throw error }
        }
    }

    /// Owner and permissions of the file that is replaced. Where they cannot be had, nobody may read more than before.
    private borrowing func assume(_ before: Stat) throws(Errno) {
        var mode = before.permissions.rawValue & 0o777
        do throws(Errno) {
            do throws(Errno) { try file.setOwner(before.userID, before.groupID) } catch {
                try file.setOwner(nil, before.groupID)
            }
        } catch {
            // Its group is another one now, whose members were among all others.
            mode = mode & 0o707 | mode & 0o007 << 3
        }
        try file.setPermissions(FilePermissions(rawValue: mode))
    }

    private static func failure(_ path: String, _ error: Errno) -> ToolError {
        ToolError(.outputFailed, "\(path): \(error)")
    }
}

internal import COutput
internal import Glibc
internal import SICEABI

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
    private let before: stat?
    private let descriptor: Int32
    /// The temporary file's number, which another one may have afterwards; -1 for none, or when it got its name.
    private var temporary: Int32

    /// Opens it, or makes the temporary file. Throws `outputFailed`.
    public init(_ path: String) throws(ToolError) {
        try SystemName.requireText(path, otherwise: .outputFailed)
        let name = path == "-" ? StreamName.standardOutput : path
        do throws(SystemError) {
            switch try OutputPlace.find(path) {
            case .open(let file):
                (self.name, self.path, before, descriptor, temporary) = (name, "", nil, file, -1)
            case .replaced(let real, let old):
                let new = try TemporaryFile(beside: real, isPrivate: old != nil)
                (self.name, self.path, before) = (name, real, old)
                (descriptor, temporary) = (new.file, new.number)
            }
        } catch { throw OutputFile.failure(path, error) }
    }

    deinit {
        close(descriptor)
        sice_remove_temporary(temporary)
    }

    /// Appends bytes. Throws `outputFailed`.
    public func write(_ bytes: [UInt8]) throws(ToolError) {
        let error = Descriptor.write(bytes, to: descriptor)
        guard error == 0 else { throw OutputFile.failure(name, SystemError(error)) }
    }

    /// Gives the file its name. What nobody needs after a crash need not be `synced`. Throws `outputFailed`.
    public consuming func commit(synced: Bool = true) throws(ToolError) {
        do throws(SystemError) {
            try complete(synced: synced)
            if temporary >= 0 { try check(unsafe sice_rename_temporary(temporary, path)) }
            temporary = -1
        } catch { throw OutputFile.failure(name, error) }
    }

    /// Gives two files their names that are of use only together: both, or neither. Throws `outputFailed`.
    public static func commit(
        _ first: consuming OutputFile, _ second: consuming OutputFile
    ) throws(ToolError) {
        do throws(SystemError) { try first.complete(synced: true) } catch { throw failure(first.name, error) }
        do throws(SystemError) { try second.complete(synced: true) } catch {
            throw failure(second.name, error)
        }
        let refused = unsafe sice_rename_temporaries(
            first.temporary, first.path, second.temporary, second.path)
        let error = SystemError(errno)
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
        var status = stat()
        return StreamName.output(path) == nil
            && (unsafe stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG)
    }

    private borrowing func complete(synced: Bool) throws(SystemError) {
        if temporary >= 0, let before { try take(before) }
        guard synced, fsync(descriptor) != 0 else { return }
        // What is no file on a disk cannot be synced.
        guard temporary < 0, errno == EINVAL || errno == EROFS else { throw SystemError(errno) }
    }

    /// Owner and permissions of the file that is replaced. Where they cannot be had, nobody may read more than before.
    private borrowing func take(_ before: stat) throws(SystemError) {
        var mode = before.st_mode & 0o777
        if fchown(descriptor, before.st_uid, before.st_gid) != 0,
            fchown(descriptor, uid_t.max, before.st_gid) != 0
        {
            // Its group is another one now, whose members were among all others.
            mode = mode & 0o707 | mode & 0o007 << 3
        }
        try check(fchmod(descriptor, mode))
    }

    private static func failure(_ path: String, _ error: SystemError) -> ToolError {
        ToolError(.outputFailed, "\(path): \(String(systemError: error.number))")
    }
}

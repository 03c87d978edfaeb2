internal import Glibc
public import SystemPackage

/// What the system says of names. Names are passed on as they are: a slash at the end has a meaning, which `FilePath` drops.
public enum FileSystem {
    /// The names in a folder, sorted, `.` and `..` among them.
    public static func names(in folder: String) throws(Errno) -> [String] {
        guard let directory = unsafe opendir(folder) else { throw Errno(rawValue: errno) }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
                unsafe Array($0.prefix { $0 != 0 })
            }
            names.append(String(decoding: name, as: UTF8.self))
        }
        return names.sorted()
    }

    /// Where a link leads, one step. Throws `invalidArgument` when it is none.
    public static func target(ofLink path: String) throws(Errno) -> String {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = try checked(unsafe readlink(path, &bytes, bytes.count))
        return text(bytes.prefix(count))
    }

    /// The folder that this process is in.
    public static func currentFolder() throws(Errno) -> String {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard unsafe getcwd(&bytes, bytes.count) != nil else { throw Errno(rawValue: errno) }
        return text(bytes.prefix { $0 != 0 })
    }

    private static func text(_ bytes: ArraySlice<CChar>) -> String {
        String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Throws when this process may not write the file, by the rights that it has now.
    public static func checkWritable(_ path: String) throws(Errno) {
        try checked(unsafe faccessat(AT_FDCWD, path, W_OK, AT_EACCESS))
    }

    /// Makes a folder.
    public static func makeFolder(_ path: String, _ permissions: FilePermissions) throws(Errno) {
        try checked(unsafe mkdir(path, permissions.rawValue))
    }

    public static func setPermissions(_ path: String, _ permissions: FilePermissions) throws(Errno) {
        try checked(unsafe chmod(path, permissions.rawValue))
    }

    /// Removes a file's name, or a socket's.
    public static func remove(_ path: String) throws(Errno) { try checked(unsafe unlink(path)) }
}

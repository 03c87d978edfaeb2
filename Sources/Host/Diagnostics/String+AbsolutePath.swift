internal import Glibc

extension String {
    /// The path from the root, for a program that runs in another folder. The text itself stays as it is: where `..`
    /// leads behind a symbolic link is the file system's to say.
    public var absolutePath: String {
        guard !hasPrefix("/"), let folder = unsafe getcwd(nil, 0) else { return self }
        defer { unsafe free(folder) }
        return unsafe String(cString: folder) + "/" + self
    }
}

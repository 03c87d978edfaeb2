internal import LinuxSystem

extension String {
    /// The path from the root, for a program that runs in another folder. The text itself stays as it is: where `..`
    /// leads behind a symbolic link is the file system's to say.
    public var absolutePath: String {
        guard !hasPrefix("/"), let folder = try? FileSystem.currentFolder() else { return self }
        return folder + "/" + self
    }
}

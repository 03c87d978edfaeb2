internal import LinuxSystem
internal import SystemPackage

/// What an output's name leads to.
enum OutputPlace {
    /// A device, a pipe, a terminal, or what this process has open already: an open file, written where it is.
    case open(OpenFile)
    /// A regular file, or none yet: a complete one takes its place.
    case replaced(String, before: Stat?)

    /// Looks; nothing is changed. Links are followed as the system's rules have it (`fs.protected_symlinks`): not one that a
    /// stranger put into a shared folder. Throws what is wrong.
    static func find(_ path: String) throws(Errno) -> OutputPlace {
        if let number = StreamName.output(path) {
            return .open(try OpenFile(duplicating: FileDescriptor(rawValue: number)))
        }
        let isLink = StreamName.target(ofLink: path) != nil
        let place: OpenFile
        do throws(Errno) { place = try OpenFile(path, .readOnly, options: .lookOnly) } catch {
            if error == .noSuchFileOrDirectory, !isLink, !path.isEmpty {
                return .replaced(path, before: nil)
            }
            throw error
        }
        let before = try place.status()
        switch before.type {
        case .directory: throw .isDirectory
        case .regular: break
        default: return .open(try OpenFile(path, .writeOnly, options: .noTerminal))
        }
        // Who may not write the file may not replace it either.
        try FileSystem.checkWritable(path)
        guard isLink else { return .replaced(path, before: before) }
        // Not the link's own words: it may lead to another one, and may change while we look.
        let real = try place.use { file throws(Errno) in
            try FileSystem.target(ofLink: "/proc/self/fd/\(file.rawValue)")
        }
        return .replaced(real, before: before)
    }
}

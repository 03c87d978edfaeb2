internal import COutput
internal import Glibc

/// What an output's name leads to.
enum OutputPlace {
    /// A device, a pipe, a terminal, or what this process has open already: an open file, written where it is.
    case open(Int32)
    /// A regular file, or none yet: a complete one takes its place.
    case replaced(String, before: stat?)

    /// Looks; nothing is changed. Links are followed as the system's rules have it (`fs.protected_symlinks`): not one that a
    /// stranger put into a shared folder. Throws what is wrong.
    static func find(_ path: String) throws(SystemError) -> OutputPlace {
        if let number = StreamName.output(path) { return .open(try check(fcntl(number, F_DUPFD_CLOEXEC, 3))) }
        let isLink = StreamName.target(ofLink: path) != nil
        let place = unsafe sice_look_at(path)
        if place < 0, errno == ENOENT, !isLink, !path.isEmpty { return .replaced(path, before: nil) }
        try check(place)
        defer { close(place) }
        var before = stat()
        try check(unsafe fstat(place, &before))
        switch before.st_mode & S_IFMT {
        case S_IFDIR: throw SystemError(EISDIR)
        case S_IFREG: break
        default: return .open(try check(unsafe Glibc.open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC)))
        }
        // Who may not write the file may not replace it either.
        try check(unsafe faccessat(AT_FDCWD, path, W_OK, AT_EACCESS))
        guard isLink else { return .replaced(path, before: before) }
        // Not the link's own words: it may lead to another one, and may change while we look.
        guard let real = StreamName.target(ofLink: "/proc/self/fd/\(place)") else { throw SystemError(errno) }
        return .replaced(real, before: before)
    }
}

/// What the C library says of a call that failed.
struct SystemError: Error {
    let number: Int32
    init(_ number: Int32) { self.number = number }
}

/// Passes on what a system call returned, unless it failed.
@discardableResult
func check(_ result: Int32) throws(SystemError) -> Int32 {
    guard result >= 0 else { throw SystemError(errno) }
    return result
}

internal import Glibc
internal import LinuxSystem

/// Names of files that this process has open already: `-`, and what Linux calls them.
enum StreamName {
    static let standardInput = "standard input"
    static let standardOutput = "standard output"
    private static let folders = ["/dev/fd/", "/proc/self/fd/"]
    private static let names = [
        "/dev/stdin": STDIN_FILENO, "/dev/stdout": STDOUT_FILENO, "/dev/stderr": STDERR_FILENO,
    ]

    /// The number of the open file that an output's name stands for, or the link of that name; nil for another file. It must be written through that
    /// number: opened by its name, a regular file would be written from its beginning, or replaced behind the back of
    /// those who have it open.
    static func output(_ path: String) -> Int32? {
        path == "-" ? STDOUT_FILENO : number(path) ?? target(ofLink: path).flatMap(number)
    }

    private static func number(_ path: String) -> Int32? {
        if let number = names[path] { return number }
        for folder in folders where path.hasPrefix(folder) {
            return Int32(path.dropFirst(folder.count))
        }
        return nil
    }

    /// Where a link leads, one step; nil when it is none.
    static func target(ofLink path: String) -> String? {
        try? FileSystem.target(ofLink: path)
    }
}

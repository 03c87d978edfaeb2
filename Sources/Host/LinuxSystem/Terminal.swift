internal import CLinux
internal import COutput
internal import Glibc
public import SystemPackage

/// The terminal that a file is.
public enum Terminal {
    public static func isOne(_ file: FileDescriptor) -> Bool { isatty(file.rawValue) == 1 }

    /// Makes it pass every key on, until ``restore()`` or the program's end, a signal's included; whether it is a terminal. One
    /// at a time.
    public static func makeRaw(_ file: FileDescriptor) -> Bool { sice_raw_terminal(file.rawValue) == 0 }

    /// Makes it as it was.
    public static func restore() { sice_restore_terminal() }

    /// Its size in characters; nil for no terminal.
    public static func size(_ file: FileDescriptor) -> (rows: UInt16, columns: UInt16)? {
        let size = sice_window_size(file.rawValue)
        guard size >= 0 else { return nil }
        return (UInt16(truncatingIfNeeded: size >> 16), UInt16(truncatingIfNeeded: size))
    }

    /// A file that can be read after each change of its size.
    public static func sizeChanges() throws(Errno) -> OpenFile {
        try OpenFile(opened: sice_window_changes())
    }
}

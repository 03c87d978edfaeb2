internal import CLinux
public import SystemPackage

/// Input that interrupts a thread (SIGIO): a look whether some came costs no system call.
public enum InputSignal {
    /// Makes input that arrives at this file interrupt the calling thread.
    public static func watch(_ file: FileDescriptor) throws(Errno) {
        try checked(sice_tell_of_input(file.rawValue))
    }

    /// Whether input arrived at any of the files since this was last asked.
    public static func came() -> Bool { sice_input_came() != 0 }

    /// Returns when one of at most eight files can be read, or after so many nanoseconds; nil: never by itself.
    public static func wait(for files: [FileDescriptor?], nanoseconds: UInt64?) {
        let numbers = files.map { $0?.rawValue ?? -1 }
        sice_wait_for_input(numbers.span, nanoseconds ?? .max)
    }
}

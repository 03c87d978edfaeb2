import Glibc

/// A terminal of a test's own.
public struct PseudoTerminal: Sendable {
    /// The end where keys are pressed.
    public let person: Int32
    /// The end that is a program's standard input. Reads of it do not wait.
    public let program: Int32

    public struct Failure: Error {}

    /// TIOCGPTN and TIOCSPTLCK of ioctl_tty(2).
    private static let getNumber: UInt = 0x8004_5430
    private static let setLock: UInt = 0x4004_5431

    public init() throws(Failure) {
        person = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (number, lock): (Int32, Int32) = (0, 0)
        guard unsafe ioctl(person, PseudoTerminal.getNumber, &number) == 0,
            unsafe ioctl(person, PseudoTerminal.setLock, &lock) == 0
        else { throw Failure() }
        program = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard program >= 0 else { throw Failure() }
    }

    /// Whether a line is edited and shown before a program gets it, as shells want it.
    public var isAsUsual: Bool {
        var settings = termios()
        unsafe tcgetattr(program, &settings)
        return settings.c_lflag & tcflag_t(ICANON | ECHO) == tcflag_t(ICANON | ECHO)
    }

    /// What a program that reads it next gets.
    public func rest() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe read(program, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    public func close() {
        Glibc.close(person)
        Glibc.close(program)
    }
}

internal import CLinux
internal import Glibc
public import SystemPackage

/// The system's clocks, in nanoseconds.
public enum Clock {
    /// Since the system started, mostly.
    public static var monotonic: UInt64 { sice_clock(CLOCK_MONOTONIC) }
    /// For which this thread ran.
    public static var thread: UInt64 { sice_clock(CLOCK_THREAD_CPUTIME_ID) }
}

/// A timer whose interrupt ends whatever this processor does; nobody has to read it.
public final class InterruptTimer: Sendable {
    private let file: OpenFile

    public init() throws(Errno) {
        file = try OpenFile(opened: sice_timer_make())
    }

    /// Sets it to a time of ``Clock/monotonic``; nil stops it.
    public func set(_ time: UInt64?) { file.use { sice_timer_set($0.rawValue, time ?? 0) } }
}

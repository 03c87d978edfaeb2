internal import Diagnostics
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// A guest's time, by the monotonic clock, and the timer that ends its slices: its interrupt leaves the guest.
///
/// A host ends slices by its own tick as well, so the timer is set for the case that none comes: each exit and each system call
/// costs the guest more than a late tick.
final class SliceTimer {
    private let timer: InterruptTimer
    private let start = Clock.monotonic
    /// When the slice shall end.
    private var end: UInt64?
    /// What the timer is set to.
    private var setting: UInt64?

    /// How late a busy guest's timer may be.
    private static let slack: UInt64 = 4_000_000

    init() throws(ToolError) {
        do throws(Errno) { timer = try InterruptTimer() } catch {
            throw ToolError(.internalFailure, "\(error)")
        }
    }

    /// Nanoseconds since the guest was switched on.
    func now() -> UInt64 { Clock.monotonic - start }

    func endSlice(at time: UInt64?) {
        end = time
        guard let time else {
            if setting != nil { timer.set(nil) }
            setting = nil
            return
        }
        if let setting, (time...time + 2 * Self.slack).contains(setting) { return }
        setting = time + Self.slack
        timer.set(start + time + Self.slack)
    }

    /// Whether the slice's time is over.
    var isOver: Bool { end.map { now() >= $0 } ?? false }
}

internal import CMachine
internal import FirmwareTables
internal import SICEABI

/// The time since the machine started, by the ACPI power-management timer.
struct Clock {
    private let port: UInt16

    init(powerManagementBase: UInt16) {
        port = powerManagementBase + 8
    }

    /// The timer's count now.
    var now: UInt32 { sice_in32(port) }

    /// Waits; of more than 4 seconds, only those.
    func wait(microseconds: UInt32) { wait(microseconds: microseconds, since: now) }

    /// Waits for what is left of a time that began earlier, at most 4 seconds. When the timer went round since, which takes
    /// longer, it waits again: never too short.
    func wait(microseconds: UInt32, since start: UInt32) {
        let ticks = PowerManagementTimer.ticks(microseconds: microseconds)
        // Bounded: a timer that stands still must not hang the boot.
        for _ in 0..<100_000_000 {
            if PowerManagementTimer.ticks(from: start, to: now) >= ticks { return }
            sice_pause()
        }
    }

    /// Looks every 10 µs whether a word of memory has a value, for at most `milliseconds`.
    func wait(milliseconds: Int, until address: UInt64, equals value: UInt32) -> Bool {
        for _ in 0..<(milliseconds * 100) {
            if sice_read32(address) == value { return true }
            wait(microseconds: 10)
        }
        return false
    }
}

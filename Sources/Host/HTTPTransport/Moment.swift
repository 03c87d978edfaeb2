internal import LinuxSystem

/// A time in milliseconds, of a clock that goes on evenly whatever the time of day is set to.
struct Moment: Comparable, Sendable {
    let milliseconds: Int64

    static var now: Moment {
        Moment(milliseconds: Int64(Clock.monotonic / 1_000_000))
    }

    static func + (moment: Moment, milliseconds: Int) -> Moment {
        Moment(milliseconds: moment.milliseconds + Int64(milliseconds))
    }

    static func < (first: Moment, second: Moment) -> Bool { first.milliseconds < second.milliseconds }
}

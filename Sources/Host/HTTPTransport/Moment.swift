internal import Glibc

/// A time in milliseconds, of a clock that goes on evenly whatever the time of day is set to.
struct Moment: Comparable, Sendable {
    let milliseconds: Int64

    static var now: Moment {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Moment(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    static func + (moment: Moment, milliseconds: Int) -> Moment {
        Moment(milliseconds: moment.milliseconds + Int64(milliseconds))
    }

    static func < (first: Moment, second: Moment) -> Bool { first.milliseconds < second.milliseconds }
}

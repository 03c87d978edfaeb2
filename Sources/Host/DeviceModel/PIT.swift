/// The 8254 of a PC: ports 0x40…0x43. Counter 0 raises IRQ 0, counter 2 has its gate and output in port 0x61; counter 1
/// refreshed memory once and counts for nobody.
struct PIT: Sendable {
    private var channels = (PITChannel(), PITChannel(), PITChannel())
    /// Up to when counter 0 was looked at for rising edges.
    private var seen: UInt64 = 0

    init() { channels.2.setGate(false, now: 0) }

    mutating func read(_ port: UInt16, now: UInt64) -> UInt8 {
        let tick = TimerClock.tick(at: now)
        switch port {
        case 0x40: return channels.0.read(now: tick)
        case 0x41: return channels.1.read(now: tick)
        case 0x42: return channels.2.read(now: tick)
        default: return 0xFF  // the control word cannot be read
        }
    }

    mutating func write(_ port: UInt16, _ value: UInt8, now: UInt64) {
        let tick = TimerClock.tick(at: now)
        switch port {
        case 0x40: channels.0.write(value, now: tick)
        case 0x41: channels.1.write(value, now: tick)
        case 0x42: channels.2.write(value, now: tick)
        default: control(value, tick)
        }
    }

    private mutating func control(_ word: UInt8, _ tick: UInt64) {
        if word >> 6 == 3 {
            if word & 0x02 != 0 { readBack(word, &channels.0, tick) }
            if word & 0x04 != 0 { readBack(word, &channels.1, tick) }
            if word & 0x08 != 0 { readBack(word, &channels.2, tick) }
            return
        }
        switch word >> 6 {
        case 0: command(word, &channels.0, tick)
        case 1: command(word, &channels.1, tick)
        default: command(word, &channels.2, tick)
        }
    }

    private func command(_ word: UInt8, _ channel: inout PITChannel, _ tick: UInt64) {
        if word & 0x30 == 0 { channel.latchCount(now: tick) } else { channel.configure(word) }
    }

    /// The read-back command: its bits say what is not to be latched.
    private func readBack(_ word: UInt8, _ channel: inout PITChannel, _ tick: UInt64) {
        if word & 0x20 == 0 { channel.latchCount(now: tick) }
        if word & 0x10 == 0 { channel.latchStatus(now: tick) }
    }

    /// Whether counter 0's output has risen since the last call. Edges that nobody saw in time are one.
    mutating func takeRise(now: UInt64) -> Bool {
        let tick = TimerClock.tick(at: now)
        defer { seen = tick }
        return channels.0.nextRise(after: seen).map { $0 <= tick } ?? false
    }

    /// When counter 0's output rises next.
    func nextRise(after now: UInt64) -> UInt64? {
        channels.0.nextRise(after: TimerClock.tick(at: now)).map(TimerClock.nanoseconds)
    }

    mutating func setSpeakerGate(_ isHigh: Bool, now: UInt64) {
        channels.2.setGate(isHigh, now: TimerClock.tick(at: now))
    }

    var speakerGate: Bool { channels.2.gate }

    func speakerOutput(now: UInt64) -> Bool { channels.2.output(TimerClock.tick(at: now)) }
}

/// The 8254's input clock, a third of a television's colour carrier.
enum TimerClock {
    static let frequency: UInt64 = 1_193_182
    private static let second: UInt64 = 1_000_000_000

    /// Whole ticks in a time.
    static func tick(at nanoseconds: UInt64) -> UInt64 {
        scale(nanoseconds, by: frequency, over: second).quotient
    }

    /// The first nanosecond of a tick.
    static func nanoseconds(_ tick: UInt64) -> UInt64 {
        let (whole, rest) = scale(tick, by: second, over: frequency)
        return whole + (rest == 0 ? 0 : 1)
    }

    /// Ends at the largest number instead of overflowing: in 584 years.
    private static func scale(
        _ value: UInt64, by factor: UInt64, over divisor: UInt64
    ) -> (quotient: UInt64, remainder: UInt64) {
        let product = value.multipliedFullWidth(by: factor)
        guard product.high < divisor else { return (UInt64.max - 1, 0) }
        return divisor.dividingFullWidth(product)
    }
}

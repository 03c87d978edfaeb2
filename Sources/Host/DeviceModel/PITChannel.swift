/// One counter of an 8254 (Intel 8254 data sheet). Time is the number of its input clock's ticks.
///
/// A count takes effect when its last byte is written, also in modes 2 and 3.
struct PITChannel: Sendable {
    /// Bits 5:4 of a control word: which bytes are read and written.
    enum Access: UInt8, Sendable {
        case low = 1
        case high, both
    }

    /// 0…5; 6 and 7 of a control word mean 2 and 3.
    private(set) var mode: UInt8 = 3
    private var access = Access.both
    private var isDecimal = false
    /// Ticks of one round, 1…65536.
    private(set) var count: UInt64 = 0x1_0000
    /// When the count began; nil until it is written, and until a trigger in modes 1 and 5.
    private var start: UInt64?
    private var hasCount = false
    /// When the gate went low in a mode that then stands still.
    private var stopped: UInt64?
    private(set) var gate = true
    private var lowByte: UInt8?
    private var latched: UInt16?
    private var latchedStatus: UInt8?
    private var nextIsHigh = false

    /// A control word for this counter with `access` 1…3.
    mutating func configure(_ word: UInt8) {
        access = Access(rawValue: word >> 4 & 3) ?? .both
        let mode = word >> 1 & 7
        self.mode = mode > 5 ? mode - 4 : mode
        isDecimal = word & 1 != 0
        (start, hasCount, stopped, lowByte, latched, latchedStatus, nextIsHigh) =
            (nil, false, nil, nil, nil, nil, false)
    }

    mutating func write(_ value: UInt8, now: UInt64) {
        switch access {
        case .low: load(UInt16(value), now)
        case .high: load(UInt16(value) << 8, now)
        case .both:
            if let low = lowByte {
                lowByte = nil
                load(UInt16(value) << 8 | UInt16(low), now)
            } else {
                lowByte = value
                if mode == 0 { (start, hasCount) = (nil, false) }  // the first byte stops the count
            }
        }
    }

    private mutating func load(_ value: UInt16, _ now: UInt64) {
        let number = isDecimal ? Self.binary(value) : UInt64(value)
        count = number == 0 ? range : number
        hasCount = true
        guard !isTriggered else { return }
        start = now
        stopped = gate ? nil : now
    }

    /// Modes 1 and 5 begin at a rising gate, not at a written count.
    private var isTriggered: Bool { mode == 1 || mode == 5 }
    private var range: UInt64 { isDecimal ? 10_000 : 0x1_0000 }

    mutating func setGate(_ isHigh: Bool, now: UInt64) {
        guard isHigh != gate else { return }
        gate = isHigh
        switch mode {
        case 1, 5: if isHigh, hasCount { start = now }
        case 2, 3:
            guard start != nil else { return }
            if isHigh { start = now }
            stopped = isHigh ? nil : now
        default:
            guard let began = start else { return }
            if isHigh {
                start = began + (now - (stopped ?? now))
                stopped = nil
            } else {
                stopped = now
            }
        }
    }

    private func elapsed(_ now: UInt64) -> UInt64? {
        guard let start else { return nil }
        return (isTriggered ? now : stopped ?? now) - start
    }

    /// The output at a time.
    func output(_ now: UInt64) -> Bool {
        guard let elapsed = elapsed(now) else { return mode != 0 }
        switch mode {
        case 0, 1: return elapsed >= count
        case 2: return stopped != nil || elapsed % count != count - 1
        case 3: return stopped != nil || elapsed % count < (count + 1) / 2
        default: return elapsed != count
        }
    }

    /// The next time after `now` at which the output rises; nil when it does not by itself.
    func nextRise(after now: UInt64) -> UInt64? {
        guard let start, isTriggered || stopped == nil else { return nil }
        switch mode {
        case 2, 3: return now < start ? start + count : start + ((now - start) / count + 1) * count
        case 0, 1: return start + count > now ? start + count : nil
        default: return start + count + 1 > now ? start + count + 1 : nil
        }
    }

    /// What the counting element holds.
    private func value(_ now: UInt64) -> UInt16 {
        let elapsed = elapsed(now) ?? 0
        let number: UInt64
        switch mode {
        case 2: number = count - elapsed % count
        case 3:
            let phase = elapsed % count
            let half = (count + 1) / 2
            number = (count & ~1) - 2 * (phase < half ? phase : phase - half)
        default: number = (count + range - elapsed % range) % range
        }
        let wrapped = number % range
        return isDecimal ? Self.decimal(wrapped) : UInt16(truncatingIfNeeded: wrapped)
    }

    mutating func read(now: UInt64) -> UInt8 {
        if let status = latchedStatus {
            latchedStatus = nil
            return status
        }
        let value = latched ?? value(now)
        switch access {
        case .low:
            latched = nil
            return UInt8(truncatingIfNeeded: value)
        case .high:
            latched = nil
            return UInt8(truncatingIfNeeded: value >> 8)
        case .both:
            nextIsHigh.toggle()
            if nextIsHigh { return UInt8(truncatingIfNeeded: value) }
            latched = nil
            return UInt8(truncatingIfNeeded: value >> 8)
        }
    }

    /// Keeps the count for the next reads; a second time before these does nothing.
    mutating func latchCount(now: UInt64) {
        if latched == nil { latched = value(now) }
    }

    /// Keeps the status for the next read: output, null count, access, mode, coding.
    mutating func latchStatus(now: UInt64) {
        guard latchedStatus == nil else { return }
        latchedStatus =
            (output(now) ? 0x80 : 0) | (hasCount ? 0 : 0x40) | access.rawValue << 4 | mode << 1
            | (isDecimal ? 1 : 0)
    }

    private static func binary(_ value: UInt16) -> UInt64 {
        var result: UInt64 = 0
        for digit in (0..<4).reversed() { result = result * 10 + UInt64(value >> (digit * 4) & 15) }
        return min(result, 9999)
    }

    private static func decimal(_ value: UInt64) -> UInt16 {
        var (rest, result) = (value, UInt16(0))
        for digit in 0..<4 {
            result |= UInt16(rest % 10) << (digit * 4)
            rest /= 10
        }
        return result
    }
}

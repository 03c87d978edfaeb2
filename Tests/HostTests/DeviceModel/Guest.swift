import DeviceModel

/// A guest at a board: port accesses in the order of a driver, on a clock that the test moves.
struct Guest {
    var board = DeviceBoard(secondsSince1970: 0)
    var now: UInt64 = 0

    mutating func out(_ value: UInt8, _ port: UInt16) {
        board.write(port: port, width: .byte, value: UInt32(value), now: now)
    }

    mutating func in8(_ port: UInt16) -> UInt8 {
        UInt8(board.read(port: port, width: .byte, now: now))
    }

    var pending: UInt8? { mutating get { board.pendingInterrupt(now: now) } }

    /// Linux's init_8259A: vectors from 0x30, everything masked, then the mask.
    mutating func startInterruptControllers(mask: UInt16) {
        out(0xFF, 0x21)
        out(0x11, 0x20)
        out(0x30, 0x21)
        out(0x04, 0x21)
        out(0x01, 0x21)
        out(0x11, 0xA0)
        out(0x38, 0xA1)
        out(0x02, 0xA1)
        out(0x01, 0xA1)
        out(UInt8(mask & 0xFF), 0x21)
        out(UInt8(mask >> 8), 0xA1)
    }

    /// Counter, mode, count: low byte, then high byte.
    mutating func startCounter(_ counter: UInt8, mode: UInt8, count: UInt16) {
        out(counter << 6 | 0x30 | mode << 1, 0x43)
        out(UInt8(count & 0xFF), 0x40 + UInt16(counter))
        out(UInt8(count >> 8), 0x40 + UInt16(counter))
    }

    mutating func counter(_ counter: UInt16) -> UInt16 {
        let low = in8(0x40 + counter)
        return UInt16(in8(0x40 + counter)) << 8 | UInt16(low)
    }

    /// Lets a number of the timer's ticks pass.
    mutating func wait(ticks: UInt64) { now += (ticks * 1_000_000_000 + 1_193_181) / 1_193_182 }
}

/// Random numbers that are the same every time (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

internal import SICEABI

/// The two 8259A of a PC: the second one hangs on input 2 of the first. Interrupts are 0…15.
struct PICPair: Sendable {
    private static let cascade = 2

    /// IRQ 0 to 2 (timer, keyboard, cascade) are always edge-triggered, as are 8 (clock) and 13 (coprocessor).
    private(set) var first = PIC(levelCapable: 0xF8)
    private(set) var second = PIC(levelCapable: 0xDE)

    mutating func setLine(_ interrupt: Int, _ isHigh: Bool) {
        if interrupt < 8 {
            first.setLine(interrupt, isHigh)
        } else {
            second.setLine(interrupt - 8, isHigh)
            passOn()
        }
    }

    /// A line that rises and falls again.
    mutating func pulse(_ interrupt: Int) {
        setLine(interrupt, true)
        setLine(interrupt, false)
    }

    func isMasked(_ interrupt: Int) -> Bool {
        interrupt < 8
            ? first.mask & UInt8(1) << interrupt != 0 : second.mask & UInt8(1) << (interrupt - 8) != 0
    }

    /// The vector that the CPU would get; nil when there is no interrupt.
    var pending: UInt8? {
        guard let input = first.pending else { return nil }
        guard input == Self.cascade else { return first.vectorBase | UInt8(input) }
        return second.vectorBase | UInt8(second.pending ?? Self.spurious)
    }

    /// Input 7 without its bit in service: the answer to an acknowledgement that nobody asked for.
    private static let spurious = 7

    /// The CPU acknowledges: returns the vector.
    mutating func acknowledge() -> UInt8 {
        guard let input = first.pending else { return first.vectorBase | UInt8(Self.spurious) }
        first.acknowledge(input)
        guard input == Self.cascade else { return first.vectorBase | UInt8(input) }
        let behind = second.pending
        if let behind { second.acknowledge(behind) }
        passOn()
        return second.vectorBase | UInt8(behind ?? Self.spurious)
    }

    /// Ports 0x20, 0x21, 0xA0, 0xA1, and ELCR at 0x4D0, 0x4D1.
    mutating func read(_ port: UInt16) -> UInt8 {
        defer { passOn() }  // a poll takes an interrupt
        switch port {
        case 0x20, 0x21: return first.read(data: port & 1 != 0)
        case 0xA0, 0xA1: return second.read(data: port & 1 != 0)
        case 0x4D0: return first.levelTriggered
        case 0x4D1: return second.levelTriggered
        default: return 0xFF
        }
    }

    mutating func write(_ port: UInt16, _ value: UInt8) {
        switch port {
        case 0x20, 0x21: first.write(value, data: port & 1 != 0)
        case 0xA0, 0xA1: second.write(value, data: port & 1 != 0)
        case 0x4D0: first.setLevelTriggered(value)
        case 0x4D1: second.setLevelTriggered(value)
        default: return
        }
        passOn()
    }

    /// The word by which somebody else may answer for the two, ``SICEABI/ControllerWord``; 0 while every access has to
    /// come here.
    var word: UInt64 {
        guard first.isAtRest, second.isAtRest else { return 0 }
        return ControllerWord.valid
            | UInt64(first.mask) << ControllerWord.masks[0] | UInt64(second.mask) << ControllerWord.masks[1]
            | UInt64(first.ends) << ControllerWord.ends[0] | UInt64(second.ends) << ControllerWord.ends[1]
    }

    /// Takes over what the guest did since ``word`` was given away.
    mutating func apply(_ word: UInt64) {
        guard word & ControllerWord.valid != 0 else { return }
        func byte(_ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> shift) }
        first.apply(mask: byte(ControllerWord.masks[0]), ends: byte(ControllerWord.ends[0]))
        second.apply(mask: byte(ControllerWord.masks[1]), ends: byte(ControllerWord.ends[1]))
        passOn()
    }

    private mutating func passOn() { first.setCascade(Self.cascade, second.pending != nil) }
}

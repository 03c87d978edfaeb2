/// The odd bits of a PC's chipset: port 0x61, keyboard controller, reset control.
struct SystemControl: Sendable {
    /// A keyboard controller whose output never empties: a driver that looks for a keyboard gives up at once, and one
    /// that resets the machine sees that a command is accepted.
    static let keyboardStatus: UInt8 = 0x01
    static let resetCommand: UInt8 = 0xFE
    /// Memory refresh, which toggles every 15 µs.
    private static let refreshTime: UInt64 = 15_085

    private var speaker: UInt8 = 0
    private(set) var resetControl: UInt8 = 0

    /// Gate of counter 2, speaker, two enables that are only kept; refresh; output of counter 2.
    func readPortB(_ timer: PIT, now: UInt64) -> UInt8 {
        speaker | (timer.speakerGate ? 0x01 : 0) | (now / Self.refreshTime % 2 != 0 ? 0x10 : 0)
            | (timer.speakerOutput(now: now) ? 0x20 : 0)
    }

    mutating func writePortB(_ value: UInt8, _ timer: inout PIT, now: UInt64) {
        speaker = value & 0x0E
        timer.setSpeakerGate(value & 0x01 != 0, now: now)
    }

    /// Port 0xCF9 (Intel ICH9 data sheet, 13.7.5): the reset happens when bit 2 goes from 0 to 1.
    mutating func writeReset(_ value: UInt8) -> Bool {
        defer { resetControl = value & 0x0E }
        return value & 0x04 != 0 && resetControl & 0x04 == 0
    }
}

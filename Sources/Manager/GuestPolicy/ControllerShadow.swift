import SICEABI

/// The manager's view of a Linux guest's interrupt controllers, ``SICEABI/ControllerWord``.
///
/// It is the host's device model that decides about interrupts, here as everywhere (T25): a wrong word only gives the
/// guest a wrong mask to read.
public struct ControllerShadow: Equatable, Sendable {
    /// 0 while every access has to go to the host.
    public private(set) var word: UInt64 = 0

    /// The shadow that the host gives; anything but a valid word is none.
    public init(_ word: UInt64 = 0) {
        if word & ControllerWord.valid != 0 { self.word = word & ControllerWord.allBits }
    }

    private var isValid: Bool { word != 0 }

    /// Which controller a port belongs to, and whether the port is that of the mask.
    private static func place(of port: UInt64) -> (controller: Int, isMask: Bool)? {
        switch port {
        case 0x20: (0, false)
        case 0x21: (0, true)
        case 0xA0: (1, false)
        case 0xA1: (1, true)
        default: nil
        }
    }

    /// What a read of one byte gives; nil when the host has to be asked.
    public func read(port: UInt64) -> UInt8? {
        guard isValid, let place = Self.place(of: port), place.isMask else { return nil }
        return UInt8(truncatingIfNeeded: word >> ControllerWord.masks[place.controller])
    }

    /// Notes a write of one byte. False when the host has to see it: only a mask, and a specific end-of-interrupt
    /// (OCW2 011), leave nothing open.
    public mutating func write(port: UInt64, value: UInt8) -> Bool {
        guard isValid, let place = Self.place(of: port) else { return false }
        if place.isMask {
            let shift = ControllerWord.masks[place.controller]
            word = word & ~(0xFF << shift) | UInt64(value) << shift
            return true
        }
        guard value & 0xF8 == 0x60 else { return false }
        word ^= 1 << (ControllerWord.ends[place.controller] &+ UInt64(value & 7))
        return true
    }
}

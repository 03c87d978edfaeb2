internal import CMachine
internal import Firmware

/// This core's interrupt controller (Intel SDM vol. 3A, chapter 11).
enum LocalAPIC {
    private static let base: UInt64 = 0xFEE0_0000
    /// Vector of an NMI, of the timer, and the one for spurious interrupts.
    static let nonMaskableVector: UInt64 = 2
    static let timerVector: UInt64 = 0x40
    static let spuriousVector: UInt64 = 0xFF

    static func enable() {
        sice_write32(base + 0xF0, 0x100 | UInt32(spuriousVector))
        sice_write32(base + 0x3E0, 0xB)  // divide by one
    }

    /// The pin LINT1 gives this core NMIs, as firmware of a PC sets it up; a monitor pulls it.
    static func takeNMIsFromTheLine() { sice_write32(base + 0x360, 0x400) }

    /// One tick after about `count` bus cycles.
    static func armOnce(_ count: UInt32) {
        sice_write32(base + 0x320, UInt32(timerVector))
        sice_write32(base + 0x380, count)
    }

    /// A tick every `count` bus cycles, or none at all when it is 0.
    static func armPeriodic(_ count: UInt32) {
        sice_write32(base + 0x320, count == 0 ? 0x1_0000 : 0x2_0000 | UInt32(timerVector))
        sice_write32(base + 0x380, count)
    }

    static func endOfInterrupt() {
        sice_write32(base + 0xB0, 0)
    }

    /// Sends INIT, or a start-up with the page number of real-mode code, to every other core or to one.
    static func sendInit(to identifier: UInt32?) {
        send(0x4500, to: identifier)
    }

    static func sendStartUp(page: UInt32, to identifier: UInt32?) {
        send(0x4600 | page, to: identifier)
    }

    /// The timer's vector, an NMI, or an SMI to another core.
    static func sendInterrupt(to identifier: UInt32) {
        send(UInt32(truncatingIfNeeded: timerVector) | 0x4000, to: identifier)
    }
    static func sendNMI(to identifier: UInt32) { send(0x4400, to: identifier) }
    static func sendSMI(to identifier: UInt32) { send(0x4200, to: identifier) }

    /// Makes this core the destination of what it sends next.
    static func nameItself() { sice_write32(base + 0x310, identifier << 24) }

    private static func send(_ command: UInt32, to identifier: UInt32?) {
        if let identifier {
            sice_write32(base + 0x310, identifier << 24)
            sice_write32(base + 0x300, command)
        } else {
            sice_write32(base + 0x300, 0xC_0000 | command)
        }
    }

    static var identifier: UInt32 { sice_read32(base + 0x20) >> 24 }
}

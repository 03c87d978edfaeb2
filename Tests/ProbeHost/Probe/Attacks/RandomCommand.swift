internal import CMachine
internal import SICEABI

/// Commands whose registers hold what a handler may trip over.
enum RandomCommand {
    /// One of all commands, and of numbers that are none, with five registers out of ``value(_:)``.
    static func make(_ random: inout Random) -> Call {
        // Boot commands are among them; numbers near the last one, too.
        let numbers: InlineArray<4, UInt64> = [0, 16, Command.install.rawValue, Command.lock.rawValue]
        let choice = random.next(below: 24)
        let number = choice < 4 ? numbers[Int(choice)] : choice < 20 ? choice - 3 : random.next()
        // Environments that exist are asked for more often than any other.
        let first = random.next(below: 2) == 0 ? identifier(&random) : value(&random)
        return Call(number, first, value(&random), value(&random), value(&random))
    }

    /// Slot and generation as the manager makes them, or nearly so.
    private static func identifier(_ random: inout Random) -> UInt64 {
        sice_read64(WorkMemory.known + random.next(below: knownCount) * 8)
    }

    /// Environments in different states; the command attack fills them in.
    static let knownCount: UInt64 = 8
    static func know(_ index: UInt64, _ environment: UInt64) {
        sice_write64(WorkMemory.known + index * 8, environment)
    }

    /// Extremes: 0, 1, −1, borders of SMRAM, of RAM and of the address space, devices, flash; sometimes off by a bit.
    private static func value(_ random: inout Random) -> UInt64 {
        let platform = Platform.found
        let values: InlineArray<24, UInt64> = [
            0, 1, 2, 16, 17, 32, 64, UInt64.max, UInt64.max - 4095, 1 << 63, 1 << 52, 1 << 39,
            platform.smramBase, platform.smramBase - 4096, platform.smramBase + platform.smramSize,
            platform.smramBase + platform.smramSize - 1, 0xFEE0_0000, 0xFFFF_F000, 0xFED4_0000, 0xB000_0000,
            0xA_0000, 0x3_0000, WorkMemory.target, WorkMemory.image,
        ]
        let value = values[Int(random.next(below: 24))]
        switch random.next(below: 8) {
        case 0: return value &+ random.next(below: 4096)
        // The high half only: a bit between would lead the manager's answers into the attacker's own code.
        case 1: return value ^ 1 << (32 + random.next(below: 32))
        case 2: return WorkMemory.target + random.next(below: 16) * 4096
        default: return value
        }
    }
}

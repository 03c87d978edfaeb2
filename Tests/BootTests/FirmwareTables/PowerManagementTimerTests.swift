import FirmwareTables
import Testing

@Suite struct PowerManagementTimerTests {
    /// Never too short, and never more than a tick too long.
    @Test(
        arguments: [0, 1, 10, 200, 10_000, 1_199_737, 1_199_738, 1_200_000, 3_999_999, 4_000_000] as [UInt32])
    func ticks_takeTheTime(_ microseconds: UInt32) {
        let ticks = PowerManagementTimer.ticks(microseconds: microseconds)
        let time = Double(ticks) * 1_000_000 / 3_579_545
        #expect(time >= Double(microseconds) && time < Double(microseconds) + 0.6)
    }

    /// What 24 bits cannot tell takes as long as they can.
    @Test(arguments: [4_000_001, 5_000_000, UInt32.max]) func ticks_ofAnyTimeFitIn24Bits(
        _ microseconds: UInt32
    ) {
        let ticks = PowerManagementTimer.ticks(microseconds: microseconds)
        #expect(ticks == PowerManagementTimer.ticks(microseconds: PowerManagementTimer.longestWait))
        #expect(ticks < 1 << 24)
    }

    @Test func ticksBetween_goRound() {
        #expect(PowerManagementTimer.ticks(from: 5, to: 5) == 0)
        #expect(PowerManagementTimer.ticks(from: 0xFF_FFF0, to: 0x10) == 0x20)
        #expect(PowerManagementTimer.ticks(from: 0xFFFF_FFF0, to: 0x10) == 0x20)
        #expect(PowerManagementTimer.ticks(from: 1, to: 0xFF00_0000) == 0xFF_FFFF)
    }
}

import DeviceModel
import Testing

@Suite struct PITTests {
    private static let second: UInt64 = 1_000_000_000

    /// Linux's quick_pit_calibrate: counter 2 counts down from 0xFFFF with its gate open.
    @Test func count_downForCalibration() {
        var guest = Guest()
        guest.out(guest.in8(0x61) & ~0x02 | 0x01, 0x61)
        guest.out(0xB0, 0x43)
        guest.out(0xFF, 0x42)
        guest.out(0xFF, 0x42)
        #expect(guest.counter(2) == 0xFFFF)
        guest.wait(ticks: 0x1000)
        #expect(guest.counter(2) == 0xEFFF)
        guest.wait(ticks: 0xF000)
        #expect(guest.counter(2) == 0xFFFF, "it goes on after the end")
    }

    /// Linux's pit_calibrate_tsc: waits for counter 2's output in port 0x61.
    @Test func raise_outputAfterTheCount() {
        var guest = Guest()
        guest.out(guest.in8(0x61) & ~0x02 | 0x01, 0x61)
        guest.startCounter(2, mode: 0, count: 11_931)
        #expect(guest.in8(0x61) & 0x20 == 0)
        guest.wait(ticks: 11_930)
        #expect(guest.in8(0x61) & 0x20 == 0)
        guest.wait(ticks: 1)
        #expect(guest.in8(0x61) & 0x20 != 0)
    }

    @Test func stand_whileTheGateIsClosed() {
        var guest = Guest()
        guest.startCounter(2, mode: 0, count: 1000)
        guest.wait(ticks: 500)
        #expect(guest.counter(2) == 1000)
        guest.out(0x01, 0x61)
        guest.wait(ticks: 400)
        guest.out(0x00, 0x61)
        guest.wait(ticks: 5000)
        #expect(guest.counter(2) == 600)
        guest.out(0x01, 0x61)
        guest.wait(ticks: 600)
        #expect(guest.in8(0x61) & 0x20 != 0)
    }

    /// Linux's pit_set_periodic at 250 Hz.
    @Test func interrupt_periodically() {
        var guest = Guest()
        guest.startInterruptControllers(mask: 0xFFFE)
        guest.startCounter(0, mode: 2, count: 4773)
        var interrupts = 0
        while let next = guest.board.nextEvent(after: guest.now), next <= Self.second {
            guest.now = next
            #expect(guest.pending == 0x30)
            #expect(guest.board.acknowledge() == 0x30)
            guest.out(0x60, 0x20)
            #expect(guest.pending == nil)
            interrupts += 1
        }
        #expect(interrupts == 1_193_182 / 4773)
    }

    /// Linux's pit_next_event: one interrupt in mode 4, none afterwards.
    @Test func interrupt_onceInOneShotMode() throws {
        var guest = Guest()
        guest.startInterruptControllers(mask: 0xFFFE)
        guest.out(0x38, 0x43)
        #expect(guest.board.nextEvent(after: guest.now) == nil)
        guest.out(0x10, 0x40)
        guest.out(0x27, 0x40)
        let event = guest.board.nextEvent(after: guest.now)
        let next = try #require(event)
        guest.now = next - 1
        #expect(guest.pending == nil)
        guest.now = next
        #expect(guest.pending == 0x30)
        _ = guest.board.acknowledge()
        guest.out(0x60, 0x20)
        #expect(guest.board.nextEvent(after: guest.now) == nil)
        guest.now += Self.second
        #expect(guest.pending == nil)
    }

    @Test func make_oneOfMissedInterrupts() {
        var guest = Guest()
        guest.startInterruptControllers(mask: 0xFFFE)
        guest.startCounter(0, mode: 2, count: 1000)
        guest.wait(ticks: 100_500)
        #expect(guest.pending == 0x30)
        _ = guest.board.acknowledge()
        guest.out(0x60, 0x20)
        #expect(guest.pending == nil)
        guest.wait(ticks: 500)
        #expect(guest.pending == 0x30)
    }

    @Test func sleep_withoutEventWhenTheTimerIsMasked() {
        var guest = Guest()
        guest.startInterruptControllers(mask: 0xFFFF)
        guest.startCounter(0, mode: 2, count: 1000)
        #expect(guest.board.nextEvent(after: guest.now) == nil)
    }

    @Test(arguments: [UInt16(1000), 1001]) func divide_squareWave(count: UInt16) {
        var guest = Guest()
        guest.out(0x01, 0x61)
        guest.startCounter(2, mode: 3, count: count)
        let high = UInt64(count + 1) / 2
        #expect(guest.in8(0x61) & 0x20 != 0)
        #expect(guest.counter(2) == count & ~1)
        guest.wait(ticks: high - 1)
        #expect(guest.in8(0x61) & 0x20 != 0)
        guest.wait(ticks: 1)
        #expect(guest.in8(0x61) & 0x20 == 0)
        #expect(guest.counter(2) == count & ~1, "it counts by two, twice a period")
        guest.wait(ticks: UInt64(count) - high)
        #expect(guest.in8(0x61) & 0x20 != 0)
    }

    /// Linux's i8253_read: the latched count, both bytes, while time goes on.
    @Test func latch_countUntilItWasRead() {
        var guest = Guest()
        guest.startCounter(0, mode: 2, count: 0)
        guest.wait(ticks: 0x1234)
        guest.out(0x00, 0x43)
        guest.wait(ticks: 0x500)
        guest.out(0x00, 0x43)
        #expect(guest.counter(0) == 0xEDCC)
        #expect(guest.counter(0) == 0xE8CC)
    }

    @Test func readBack_statusThenCount() {
        var guest = Guest()
        guest.out(0x34, 0x43)
        guest.out(0xE2, 0x43)
        #expect(guest.in8(0x40) == 0xF4, "output high, no count yet, both bytes, mode 2")
        guest.out(0x00, 0x40)
        guest.out(0x10, 0x40)
        guest.wait(ticks: 0x800)
        guest.out(0xC2, 0x43)
        #expect(guest.in8(0x40) == 0xB4)
        #expect(guest.counter(0) == 0x0800)
    }

    @Test func count_inDecimal() {
        var guest = Guest()
        guest.out(0x01, 0x61)
        guest.out(0xB1, 0x43)
        guest.out(0x00, 0x42)
        guest.out(0x10, 0x42)
        guest.wait(ticks: 1)
        #expect(guest.counter(2) == 0x0999)
        guest.wait(ticks: 1000)
        #expect(guest.counter(2) == 0x9999)
    }

    @Test func access_oneByteOnly() {
        var guest = Guest()
        guest.out(0x01, 0x61)
        guest.out(0x90, 0x43)  // counter 2, low byte, mode 0
        guest.out(0x80, 0x42)
        #expect(guest.in8(0x42) == 0x80)
        guest.out(0xA0, 0x43)  // high byte
        guest.out(0x12, 0x42)
        #expect(guest.in8(0x42) == 0x12)
    }

    @Test(arguments: [UInt8(1), 5]) func trigger_byTheGate(mode: UInt8) {
        var guest = Guest()
        guest.startCounter(2, mode: mode, count: 100)
        guest.wait(ticks: 1000)
        #expect(guest.in8(0x61) & 0x20 != 0, "waits for its trigger")
        guest.out(0x01, 0x61)
        guest.wait(ticks: 99)
        #expect((guest.in8(0x61) & 0x20 == 0) == (mode == 1))
        guest.wait(ticks: 1)
        #expect((guest.in8(0x61) & 0x20 == 0) == (mode == 5))
        guest.wait(ticks: 1)
        #expect(guest.in8(0x61) & 0x20 != 0)
    }
}

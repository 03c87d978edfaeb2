import DeviceModel
import Testing

@Suite struct UARTTests {
    private static let base: UInt16 = 0x3F8
    private static let interruptsEnabled = base + 1
    private static let identity = base + 2
    private static let lineControl = base + 3
    private static let modemControl = base + 4
    private static let lineStatus = base + 5
    private static let modemStatus = base + 6

    private func started() -> Guest {
        var guest = Guest()
        guest.startInterruptControllers(mask: 0xFFEF)
        guest.out(0x01, Self.identity)
        guest.out(0x03, Self.lineControl)
        guest.out(0x0B, Self.modemControl)
        return guest
    }

    /// Linux's autoconfig: a port is there when IER keeps four bits, the loopback works, and the FIFO answers.
    @Test func answer_autoconfiguration() {
        var guest = Guest()
        guest.out(0x00, Self.interruptsEnabled)
        #expect(guest.in8(Self.interruptsEnabled) & 0x0F == 0)
        guest.out(0x0F, Self.interruptsEnabled)
        #expect(guest.in8(Self.interruptsEnabled) == 0x0F)
        guest.out(0xFF, Self.interruptsEnabled)
        #expect(guest.in8(Self.interruptsEnabled) == 0x0F, "a bit 6 that stays would be an XScale's")
        guest.out(0x00, Self.interruptsEnabled)
        guest.out(0x1A, Self.modemControl)
        #expect(guest.in8(Self.modemStatus) & 0xF0 == 0x90)
        guest.out(0x00, Self.modemControl)
        guest.out(0x01, Self.identity)
        #expect(guest.in8(Self.identity) >> 6 == 3, "a 16550A")
        guest.out(0x21, Self.identity)
        #expect(guest.in8(Self.identity) >> 5 == 6, "and no 16750")
        guest.out(0x80, Self.lineControl)
        #expect(guest.in8(Self.identity) != 0, "and no 16650")
        guest.out(0xBF, Self.lineControl)
        #expect(guest.in8(Self.identity) != 0, "and no 16850")
        guest.out(0x5A, Self.base + 7)
        #expect(guest.in8(Self.base + 7) == 0x5A)
    }

    /// Linux's serial8250_startup: enabled anew, a ready transmitter asks at once, twice.
    @Test func ask_whenTheTransmitterInterruptIsEnabled() {
        var guest = started()
        for _ in 0..<2 {
            guest.out(0x02, Self.interruptsEnabled)
            #expect(guest.in8(Self.lineStatus) & 0x60 == 0x60)
            #expect(guest.in8(Self.identity) & 0x0F == 0x02)
            #expect(guest.in8(Self.identity) & 0x0F == 0x01, "reading it was the answer")
            guest.out(0x00, Self.interruptsEnabled)
        }
    }

    @Test func keep_divisorApartFromData() {
        var guest = started()
        guest.out(0x83, Self.lineControl)
        guest.out(0x01, Self.base)
        guest.out(0x00, Self.interruptsEnabled)
        #expect(guest.in8(Self.base) == 0x01)
        guest.out(0x03, Self.lineControl)
        #expect(guest.in8(Self.base) == 0x00)
        #expect(guest.board.takeOutput() == [])
    }

    @Test func loop_transmitterToReceiver() {
        var guest = started()
        guest.out(0x1B, Self.modemControl)
        guest.out(0x5A, Self.base)
        #expect(guest.in8(Self.lineStatus) & 0x01 != 0)
        #expect(guest.in8(Self.base) == 0x5A)
        #expect(guest.board.takeOutput() == [], "nothing leaves the chip")
        #expect(guest.pending == nil)
    }

    @Test func report_modemChangesOnce() {
        var guest = started()
        guest.out(0x08, Self.interruptsEnabled)
        guest.out(0x10, Self.modemControl)  // loopback, all outputs low: the modem's three lines fall
        #expect(guest.in8(Self.identity) & 0x0F == 0x00)
        #expect(guest.in8(Self.modemStatus) == 0x0B)
        #expect(guest.in8(Self.modemStatus) == 0x00)
        #expect(guest.in8(Self.identity) & 0x0F == 0x01)
    }

    @Test func interrupt_forReceivedBytes() {
        var guest = started()
        guest.out(0x81, Self.identity)  // trigger level 8
        guest.out(0x01, Self.interruptsEnabled)
        #expect(guest.board.sendInput(Array("ls\n".utf8)) == 3)
        #expect(guest.pending == 0x34)
        #expect(guest.in8(Self.identity) & 0x0F == 0x0C, "below the trigger: timed out")
        #expect(guest.board.sendInput(Array("12345".utf8)) == 5)
        #expect(guest.in8(Self.identity) & 0x0F == 0x04)
        var text: [UInt8] = []
        while guest.in8(Self.lineStatus) & 0x01 != 0 { text.append(guest.in8(Self.base)) }
        #expect(text == Array("ls\n12345".utf8))
        #expect(guest.in8(Self.identity) & 0x0F == 0x01)
    }

    @Test func withhold_interruptWithoutOUT2() {
        var guest = started()
        guest.out(0x03, Self.modemControl)
        guest.out(0x01, Self.interruptsEnabled)
        _ = guest.board.sendInput([0x41])
        #expect(guest.pending == nil)
        guest.out(0x0B, Self.modemControl)
        #expect(guest.pending == 0x34)
    }

    /// The interrupt is an edge: a driver that reads until there is nothing left gets the next one.
    @Test func interrupt_againAfterEverythingWasRead() {
        var guest = started()
        guest.out(0x01, Self.interruptsEnabled)
        for round in UInt8(0)..<3 {
            _ = guest.board.sendInput([round])
            #expect(guest.pending == 0x34)
            _ = guest.board.acknowledge()
            #expect(guest.in8(Self.base) == round)
            guest.out(0x64, 0x20)
            #expect(guest.pending == nil)
        }
    }

    @Test func bound_input() {
        var guest = Guest(board: DeviceBoard(secondsSince1970: 0, inputCapacity: 8))
        #expect(guest.board.sendInput([UInt8](repeating: 1, count: 100)) == 8)
        // One byte is in the receiver, which has no FIFO yet.
        #expect(guest.board.sendInput([UInt8](repeating: 2, count: 100)) == 1)
    }

    @Test func stop_transmitterThatNobodyEmpties() {
        var guest = Guest(board: DeviceBoard(secondsSince1970: 0, outputCapacity: 32))
        var written: [UInt8] = []
        // As a driver does: 16 bytes whenever the transmitter is ready.
        while guest.in8(Self.lineStatus) & 0x20 != 0 {
            for _ in 0..<16 {
                written.append(UInt8(written.count))
                guest.out(written[written.count - 1], Self.base)
            }
        }
        #expect(written.count == 32)
        guest.out(0x02, Self.interruptsEnabled)
        #expect(guest.in8(Self.identity) & 0x0F == 0x01)
        #expect(guest.board.takeOutput(limit: 16) == Array(written[..<16]))
        #expect(guest.in8(Self.lineStatus) & 0x20 != 0)
        #expect(guest.in8(Self.identity) & 0x0F == 0x02, "it asks for more")
        #expect(guest.board.takeOutput() == Array(written[16...]))
    }

    /// Linux's TIOCMIWAIT: after its accesses the line is low again.
    @Test func ring_aGuestThatWaitsForItsModem() {
        var guest = Guest()
        guest.startInterruptControllers(mask: 0xFFF7)
        let bell: UInt16 = 0x2F8
        guest.board.ring()
        #expect(guest.board.pendingInterrupt(now: 0) == nil, "nobody has asked for it")
        _ = guest.in8(bell + 6)
        guest.out(0x0B, bell + 4)
        guest.out(0x08, bell + 1)
        _ = guest.in8(bell + 6)
        guest.board.ring()
        #expect(guest.board.pendingInterrupt(now: 0) == guest.board.acknowledge())
        #expect(guest.in8(bell + 2) & 0x0F == 0x00, "a modem interrupt")
        #expect(guest.in8(bell + 6) & 0x0F == 0x04)
        #expect(guest.in8(bell + 2) & 0x01 == 1)
        guest.out(0x63, 0x20)
        #expect(guest.board.pendingInterrupt(now: 0) == nil)
    }

    /// What a guest writes to its bell goes nowhere, and its transmitter stays ready.
    @Test func bell_swallowsBytes() {
        var guest = Guest()
        for _ in 0..<100 {
            #expect(guest.in8(0x2FD) & 0x20 != 0)
            guest.out(0x41, 0x2F8)
        }
        #expect(guest.board.takeOutput().isEmpty)
    }
}

import DeviceModel
import Foundation
import Testing

@Suite struct DeviceBoardTests {
    /// Linux's pci_check_type1 and pci_check_type2 find no configuration mechanism.
    @Test func answer_noDeviceAtConfigurationPorts() {
        var guest = Guest()
        guest.out(0x01, 0xCFB)
        guest.board.write(port: 0xCF8, width: .doubleWord, value: 0x8000_0000, now: 0)
        #expect(guest.board.read(port: 0xCF8, width: .doubleWord, now: 0) == .max)
        #expect(guest.board.read(port: 0xCFC, width: .doubleWord, now: 0) == .max)
        #expect(guest.board.read(port: 0xCFC, width: .word, now: 0) == 0xFFFF)
    }

    @Test func leave_powerAloneWhenTheConfigurationAddressIsWritten() {
        var guest = Guest()
        guest.board.write(port: 0xCF8, width: .doubleWord, value: 0x8000_0600, now: 0)
        #expect(guest.board.power == .on)
    }

    /// Linux's kb_wait and BOOT_KBD.
    @Test func reset_byKeyboardController() {
        var guest = Guest()
        #expect(guest.in8(0x64) & 0x02 == 0, "takes a command")
        guest.out(0xFE, 0x64)
        #expect(guest.board.power == .reset)
    }

    /// Linux's i8042_flush reads until the output is empty, and gives up when it never is.
    @Test func offer_noKeyboard() {
        var guest = Guest()
        for _ in 0..<32 {
            #expect(guest.in8(0x64) & 0x01 != 0)
            _ = guest.in8(0x60)
        }
    }

    /// Linux's BOOT_CF9_FORCE.
    @Test func reset_byResetControl() {
        var guest = Guest()
        let value = guest.in8(0xCF9) & ~0x06
        guest.out(value | 0x02, 0xCF9)
        #expect(guest.board.power == .on)
        guest.out(value | 0x06, 0xCF9)
        #expect(guest.board.power == .reset)
    }

    @Test func switch_off() {
        var guest = Guest()
        guest.out(3, DeviceBoard.powerOffPort)
        guest.out(0xFE, 0x64)
        #expect(guest.board.power == .off(3), "the first wish counts")
    }

    /// Linux's TIOCMIWAIT for the ring indicator: modem interrupt on, the ring's end in the modem status, once.
    @Test func ring_whenTheTerminalsSizeChanges() {
        var guest = Guest()
        guest.startInterruptControllers(mask: 0xFFEF)
        guest.out(0x0B, 0x3FC)  // OUT2: the port's interrupts reach the controller
        guest.out(0x08, 0x3F9)
        #expect(guest.board.read(port: WindowSize.port, width: .doubleWord, now: 0) == 0)
        guest.board.setWindowSize(WindowSize(rows: 24, columns: 0x150))
        #expect(guest.pending == 0x34)
        #expect(guest.board.acknowledge() == 0x34)
        #expect(guest.in8(0x3FA) & 0x0F == 0x00)
        #expect(guest.in8(0x3FE) == 0xB4)
        #expect(guest.in8(0x3FE) == 0xB0)
        #expect(guest.board.read(port: WindowSize.port, width: .doubleWord, now: 0) == 0x150_0018)
        guest.out(0x20, 0x20)
        guest.board.setWindowSize(WindowSize(rows: 24, columns: 0x150))
        #expect(guest.pending == nil)
    }

    @Test func split_wideAccesses() {
        var guest = Guest()
        guest.board.write(port: 0x70, width: .word, value: 0x5A0F, now: 0)  // shutdown byte
        #expect(guest.in8(0x71) == 0x5A)
        #expect(guest.board.read(port: 0x70, width: .word, now: 0) == 0x5AFF)
        #expect(guest.board.read(port: 0xFFFF, width: .doubleWord, now: 0) != 0)
    }

    @Test func toggle_refresh() {
        var guest = Guest()
        let before = guest.in8(0x61) & 0x10
        guest.now += 15_085
        #expect(guest.in8(0x61) & 0x10 != before)
    }

    @Test func stay_whenTimeGoesBack() {
        var guest = Guest()
        guest.out(0x01, 0x61)
        guest.startCounter(2, mode: 0, count: 1000)
        guest.wait(ticks: 600)
        #expect(guest.counter(2) == 400)
        guest.now = 0
        #expect(guest.counter(2) == 400)
    }

    /// A guest may write anything anywhere: no trap, and the answers fit together.
    @Test(arguments: UInt64(1)...8) func survive_anyAccess(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        var guest = Guest(board: DeviceBoard(secondsSince1970: .max, inputCapacity: 0, outputCapacity: 0))
        let ports: [UInt16] = [0x20, 0x21, 0xA0, 0xA1, 0x4D0, 0x4D1, 0x61, 0x64, 0x70, 0x71, 0xCF9, 0xFFFF]
        for _ in 0..<20_000 {
            let port =
                [
                    ports.randomElement(using: &random)!, .random(in: 0x3F8...0x3FF, using: &random),
                    .random(in: 0x40...0x43, using: &random),
                ].randomElement(using: &random)!
            let width = [PortWidth.byte, .word, .doubleWord].randomElement(using: &random)!
            guest.now &+= .random(in: 0...100_000, using: &random)
            if Bool.random(using: &random) {
                let value = UInt32.random(in: .min ... .max, using: &random)
                guest.board.write(port: port, width: width, value: value, now: guest.now)
            } else {
                let value = guest.board.read(port: port, width: width, now: guest.now)
                #expect(width == .doubleWord || value >> (width.rawValue * 8) == 0)
            }
            check(&guest, &random)
        }
        guest.now = .max
        check(&guest, &random)
    }

    private func check(_ guest: inout Guest, _ random: inout SeededGenerator) {
        _ = guest.board.sendInput([0x41])
        if let next = guest.board.nextEvent(after: guest.now) {
            #expect(next > guest.now || next >= .max - 1)
        }
        if let vector = guest.pending, Bool.random(using: &random) {
            #expect(guest.board.acknowledge() == vector)
        }
        #expect(guest.board.takeOutput(limit: 4).count <= 4)
    }
}

@Suite struct RTCTests {
    @Test(arguments: [
        0, 951_782_399, 951_782_400, 1_709_164_800, 1_735_689_599, 4_107_542_400, 253_402_300_799,
    ])
    func show_calendar(seconds: Int64) throws {
        var guest = Guest(board: DeviceBoard(secondsSince1970: seconds))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        let date = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second, .weekday],
            from: Date(timeIntervalSince1970: Double(seconds)))
        #expect(decimal(0x32, &guest) * 100 + decimal(9, &guest) == date.year)
        #expect(decimal(8, &guest) == date.month)
        #expect(decimal(7, &guest) == date.day)
        #expect(decimal(6, &guest) == date.weekday)
        #expect(decimal(4, &guest) == date.hour)
        #expect(decimal(2, &guest) == date.minute)
        #expect(decimal(0, &guest) == date.second)
    }

    /// Linux's mc146818_get_time waits while the time changes.
    @Test func announce_update() {
        var guest = Guest()
        guest.now = 999_800_000
        #expect(register(0x0A, &guest) & 0x80 != 0)
        #expect(decimal(0, &guest) == 0)
        guest.now = 1_000_000_000
        #expect(register(0x0A, &guest) & 0x80 == 0)
        #expect(decimal(0, &guest) == 1)
    }

    @Test func show_binaryAnd12Hours() {
        var guest = Guest(board: DeviceBoard(secondsSince1970: 23 * 3600 + 59 * 60))
        #expect(register(0x0B, &guest) == 0x02)
        guest.out(0x0B, 0x70)
        guest.out(0x04, 0x71)
        #expect(register(4, &guest) == 0x8B)
        #expect(register(2, &guest) == 59)
        #expect(register(0x0D, &guest) == 0x80)
    }

    @Test func refuse_anotherTime() {
        var guest = Guest(board: DeviceBoard(secondsSince1970: 42))
        guest.out(0x00, 0x70)
        guest.out(0x07, 0x71)
        #expect(guest.in8(0x71) == 0x42)
    }

    private func register(_ index: UInt8, _ guest: inout Guest) -> UInt8 {
        guest.out(index, 0x70)
        return guest.in8(0x71)
    }

    private func decimal(_ index: UInt8, _ guest: inout Guest) -> Int {
        let value = register(index, &guest)
        return Int(value >> 4) * 10 + Int(value & 15)
    }
}

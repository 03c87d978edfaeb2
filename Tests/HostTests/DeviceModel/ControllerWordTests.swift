import DeviceModel
import GuestPolicy
import SICEABI
import Testing

/// The guest's accesses to its interrupt controllers that the manager takes for the device model.
@Suite struct ControllerWordTests {
    @Test func word_isGivenAtRestOnly() {
        var guest = Guest()
        guest.out(0x11, 0x20)
        #expect(guest.board.controllerWord == 0, "in the middle of an initialization")
        guest.startInterruptControllers(mask: 0xBFFE)
        #expect(guest.board.controllerWord == ControllerWord.valid | 0xBFFE)
        guest.startCounter(0, mode: 2, count: 100)
        guest.wait(ticks: 100)
        #expect(guest.pending == 0x30)
        #expect(guest.board.controllerWord == 0, "an end of interrupt would let the next one in")
        _ = guest.board.acknowledge()
        #expect(guest.board.controllerWord == ControllerWord.valid | 0xBFFE)
        guest.wait(ticks: 100)
        _ = guest.pending
        #expect(guest.board.controllerWord == 0)
    }

    @Test func apply_endsAndMasks() {
        var guest = Guest()
        guest.startInterruptControllers(mask: 0xFFFE)
        guest.startCounter(0, mode: 2, count: 100)
        guest.wait(ticks: 100)
        #expect(guest.pending == 0x30)
        _ = guest.board.acknowledge()
        // Linux's handler of a level interrupt: mask, end, unmask.
        var shadow = ControllerShadow(guest.board.controllerWord)
        for (port, value) in [(0x21, 0xFF), (0x20, 0x60), (0x21, 0xFE)] as [(UInt64, UInt8)] {
            #expect(shadow.write(port: port, value: value) == true)
        }
        guest.board.apply(controllers: shadow.word)
        // The same word once more is no second end.
        guest.board.apply(controllers: shadow.word)
        guest.wait(ticks: 100)
        #expect(guest.pending == 0x30)
        guest.board.apply(controllers: 0)
        #expect(guest.in8(0x21) == 0xFE)
    }

    /// Random accesses, of which one board sees all and the other only those that the shadow leaves to it: whenever both
    /// are told everything, they hold the same.
    @Test(arguments: 1...50)
    func shadow_losesNothing(_ seed: UInt64) {
        var random = SeededGenerator(state: seed)
        var direct = Guest()
        var spared = Guest()
        direct.startInterruptControllers(mask: 0xFFFF)
        spared.startInterruptControllers(mask: 0xFFFF)
        direct.startCounter(0, mode: 2, count: 50)
        spared.startCounter(0, mode: 2, count: 50)
        for _ in 0..<400 {
            let word = spared.board.controllerWord
            var shadow = ControllerShadow(word)
            var ended: Set<UInt16> = []
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let access = Self.access(&random)
                // Not the same end twice, see `ControllerWord.ends`.
                guard access.port & 1 == 1 || ended.insert(access.port << 8 | UInt16(access.value)).inserted
                else { continue }
                direct.out(access.value, access.port)
                if !shadow.write(port: UInt64(access.port), value: access.value) {
                    spared.out(access.value, access.port)
                }
            }
            spared.board.apply(controllers: shadow.word)
            let ticks = UInt64.random(in: 0...80, using: &random)
            direct.wait(ticks: ticks)
            spared.wait(ticks: ticks)
            let pending = (direct.pending, spared.pending)
            #expect(pending.0 == pending.1)
            if pending.0 != nil, Bool.random(using: &random) {
                let vectors = (direct.board.acknowledge(), spared.board.acknowledge())
                #expect(vectors.0 == vectors.1)
            }
            for port: UInt16 in [0x20, 0x21, 0xA0, 0xA1] {
                let registers = (direct.in8(port), spared.in8(port))
                #expect(registers.0 == registers.1, "\(port)")
            }
        }
    }

    /// A new mask, or a specific end.
    private static func access(_ random: inout SeededGenerator) -> (port: UInt16, value: UInt8) {
        let port: UInt16 = Bool.random(using: &random) ? 0x20 : 0xA0
        if Bool.random(using: &random) { return (port + 1, .random(in: 0...255, using: &random)) }
        return (port, 0x60 | .random(in: 0...7, using: &random))
    }
}

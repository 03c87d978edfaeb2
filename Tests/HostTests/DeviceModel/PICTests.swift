import Testing

@testable import DeviceModel

@Suite struct PICTests {
    /// Linux's probe_8259A: what was written to the mask must be there.
    @Test func answer_probe() {
        var guest = Guest()
        guest.out(0xFF, 0xA1)
        guest.out(0xFB, 0x21)
        #expect(guest.in8(0x21) == 0xFB)
    }

    @Test func deliver_timerWithTheProgrammedVector() {
        var guest = Guest()
        guest.startInterruptControllers(mask: 0xFFFE)
        guest.startCounter(0, mode: 2, count: 100)
        #expect(guest.pending == nil)
        guest.wait(ticks: 100)
        #expect(guest.pending == 0x30)
        #expect(guest.board.acknowledge() == 0x30)
        guest.wait(ticks: 100)
        #expect(guest.pending == nil, "in service until its end")
        guest.out(0x60, 0x20)
        #expect(guest.pending == 0x30)
    }

    @Test func hold_maskedInterruptUntilUnmasked() {
        var guest = Guest()
        guest.startInterruptControllers(mask: 0xFFFF)
        guest.startCounter(0, mode: 2, count: 100)
        guest.wait(ticks: 100)
        #expect(guest.pending == nil)
        #expect(guest.in8(0x20) == 0x01, "the request register is what reads first")
        guest.out(0xFE, 0x21)
        #expect(guest.pending == 0x30)
    }

    @Test func read_inServiceRegisterWhenSelected() {
        var pair = started()
        pair.pulse(4)
        _ = pair.acknowledge()
        pair.write(0x20, 0x0B)
        #expect(pair.read(0x20) == 0x10)
        pair.write(0x20, 0x0A)
        #expect(pair.read(0x20) == 0x00)
    }

    @Test func cascade_secondController() {
        var pair = started()
        pair.pulse(14)
        #expect(pair.pending == 0x3E)
        #expect(pair.acknowledge() == 0x3E)
        pair.pulse(8)
        #expect(pair.pending == nil, "the first controller has its input 2 in service")
        pair.write(0xA0, 0x66)
        #expect(pair.pending == nil)
        pair.write(0x20, 0x62)
        #expect(pair.pending == 0x38)
    }

    @Test func keep_urgencyAcrossBothControllers() {
        var pair = started()
        for interrupt in [15, 3, 8, 1, 4] { pair.pulse(interrupt) }
        var order: [UInt8] = []
        while pair.pending != nil {
            let vector = pair.acknowledge()
            order.append(vector)
            if vector >= 0x38 { pair.write(0xA0, 0x20) }
            pair.write(0x20, 0x20)
        }
        #expect(order == [0x31, 0x38, 0x3F, 0x33, 0x34])
    }

    @Test func answer_spuriousVectorWithoutService() {
        var pair = started()
        #expect(pair.acknowledge() == 0x37)
        pair.write(0x20, 0x0B)
        #expect(pair.read(0x20) == 0x00)
    }

    @Test func repeat_levelTriggeredLineWhileItIsHigh() {
        var pair = started()
        pair.write(0x4D0, 0xFF)
        #expect(pair.read(0x4D0) == 0xF8, "timer, keyboard and cascade stay edge-triggered")
        pair.write(0x4D1, 0xFF)
        #expect(pair.read(0x4D1) == 0xDE)
        pair.setLine(5, true)
        #expect(pair.acknowledge() == 0x35)
        pair.write(0x20, 0x65)
        #expect(pair.pending == 0x35)
        pair.setLine(5, false)
        #expect(pair.pending == nil)
    }

    @Test func ignore_edgeTriggeredLineThatStaysHigh() {
        var pair = started()
        pair.setLine(4, true)
        #expect(pair.acknowledge() == 0x34)
        pair.write(0x20, 0x64)
        pair.setLine(4, true)
        #expect(pair.pending == nil)
        pair.setLine(4, false)
        pair.setLine(4, true)
        #expect(pair.pending == 0x34)
    }

    @Test func poll_takesTheInterrupt() {
        var pair = started()
        pair.pulse(3)
        pair.write(0x20, 0x0C)
        #expect(pair.read(0x20) == 0x83)
        pair.write(0x20, 0x0B)
        #expect(pair.read(0x20) == 0x08)
        pair.write(0x20, 0x0C)
        #expect(pair.read(0x20) & 0x80 == 0)
    }

    @Test func end_automatically() {
        var pair = PICPair()
        for (port, value) in [(0x20, 0x11), (0x21, 0x30), (0x21, 0x04), (0x21, 0x03)] {
            pair.write(UInt16(port), UInt8(value))
        }
        pair.pulse(0)
        #expect(pair.acknowledge() == 0x30)
        pair.pulse(0)
        #expect(pair.pending == 0x30)
    }

    @Test func serve_lessUrgentOnesInSpecialMaskMode() {
        var pair = started()
        pair.pulse(1)
        _ = pair.acknowledge()
        pair.pulse(6)
        #expect(pair.pending == nil)
        pair.write(0x20, 0x68)
        #expect(pair.pending == 0x36)
        pair.pulse(1)
        #expect(pair.pending == 0x36, "but not the one in service")
    }

    @Test func serve_moreUrgentOneBehindTheCascadeInSpecialFullyNestedMode() {
        var pair = started(mode: 0x11)
        pair.pulse(14)
        _ = pair.acknowledge()
        pair.pulse(9)
        #expect(pair.pending == 0x39)
    }

    private func started(mode: UInt8 = 0x01) -> PICPair {
        var pair = PICPair()
        for (first, vector, cascade) in [(UInt16(0x20), UInt8(0x30), UInt8(4)), (0xA0, 0x38, 2)] {
            pair.write(first, 0x11)
            pair.write(first + 1, vector)
            pair.write(first + 1, cascade)
            pair.write(first + 1, mode)
        }
        return pair
    }
}

/// The controller against a model that keeps a list of its inputs from most to least urgent.
@Suite struct InterruptPriorityTests {
    struct Model {
        var order = Array(0..<8)
        var requests: Set<Int> = []
        var inService: Set<Int> = []
        var mask: Set<Int> = []

        var pending: Int? {
            for input in order {
                if inService.contains(input) { return nil }
                if requests.contains(input), !mask.contains(input) { return input }
            }
            return nil
        }

        mutating func end(rotating: Bool) {
            guard let input = order.first(where: inService.contains) else { return }
            inService.remove(input)
            if rotating { makeLeastUrgent(input) }
        }

        mutating func makeLeastUrgent(_ input: Int) {
            let position = order.firstIndex(of: input)! + 1
            order = Array(order[position...] + order[..<position])
        }
    }

    @Test(arguments: UInt64(1)...8) func agree_withTheModel(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        var controller = PIC(levelCapable: 0)
        for value: UInt8 in [0x30, 0x04, 0x01] {
            if value == 0x30 { controller.write(0x11, data: false) }
            controller.write(value, data: true)
        }
        var model = Model()
        for step in 0..<5000 {
            let input = Int.random(in: 0..<8, using: &random)
            apply(Int.random(in: 0..<8, using: &random), input, &controller, &model, &random)
            #expect(controller.pending == model.pending, "seed \(seed), step \(step)")
        }
        #expect(controller.inService == bits(model.inService))
        #expect(controller.requests == bits(model.requests))
    }

    private func apply(
        _ action: Int, _ input: Int, _ controller: inout PIC, _ model: inout Model,
        _ random: inout SeededGenerator
    ) {
        switch action {
        case 0, 1:
            controller.setLine(input, true)
            controller.setLine(input, false)
            model.requests.insert(input)
        case 2, 3:
            guard let taken = model.pending else { return }
            controller.acknowledge(taken)
            model.requests.remove(taken)
            model.inService.insert(taken)
        case 4:
            controller.write(0x20, data: false)
            model.end(rotating: false)
        case 5:
            controller.write(0xA0, data: false)
            model.end(rotating: true)
        case 6:
            controller.write(UInt8(0xC0 | input), data: false)
            model.makeLeastUrgent(input)
        default:
            let mask = UInt8.random(in: .min ... .max, using: &random)
            controller.write(mask, data: true)
            model.mask = Set((0..<8).filter { mask & UInt8(1) << $0 != 0 })
        }
    }

    private func bits(_ inputs: Set<Int>) -> UInt8 { inputs.reduce(0) { $0 | UInt8(1) << $1 } }
}

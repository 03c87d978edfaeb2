import ByteIO
import GuestPolicy
import SICEABI

/// The manager's side of an exchange page (``ExchangeLayout``).
///
/// It lives in host memory, so the host can write anything at any time. Nothing is read back of what was written, an
/// answer is copied before it is looked at (I1), and the worst that the host reaches is that its guest waits.
public struct Exchange: Equatable, Sendable {
    /// The used part of the page.
    let page: HostRange
    /// Exits posted so far; wraps.
    private(set) var sequence: UInt32 = 0
    /// The last event that was looked at.
    private var lastEvent: UInt32 = 0

    /// Looks at the page before the core goes to sleep: some 10 to 100 µs, in which a host that polls answers.
    private static let patience = 2000

    init(page: HostRange) { self.page = page }

    /// Shows an exit and that the core now waits, or left.
    mutating func post(
        _ report: ExitReport, eventPending: Bool = false,
        then state: ExchangeState, machine: inout some HostMemoryMachine & ~Copyable
    ) {
        sequence &+= 1
        var bytes = InlineArray<28, UInt8>(repeating: 0)
        var fields = bytes.mutableSpan
        // All but the sequence, which the host waits for, and the state.
        typealias Layout = ExchangeLayout
        fields.storeLittleEndian(UInt32(truncatingIfNeeded: report.reason.rawValue), at: Layout.reason &- 4)
        fields.storeLittleEndian(report.first, at: Layout.firstOperand &- 4)
        fields.storeLittleEndian(report.second, at: Layout.secondOperand &- 4)
        fields.storeLittleEndian(event(isPending: eventPending), at: Layout.eventPending &- 4)
        machine.copy(fields.span, to: page.part(at: Layout.reason, count: 28))
        machine.writeWord(sequence, at: page.part(at: Layout.sequence, count: 4))
        show(state, machine: &machine)
    }

    /// Shows what the core does.
    func show(_ state: ExchangeState, machine: inout some HostMemoryMachine & ~Copyable) {
        machine.writeWord(state.rawValue, at: page.part(at: ExchangeLayout.state, count: 4))
    }

    /// Both fields about the last event.
    private func event(isPending: Bool) -> UInt64 { UInt64(lastEvent) << 32 | (isPending ? 1 : 0) }

    /// Shows what a Linux guest did to its interrupt controllers, and which answer they were given with: an older word
    /// must not undo what came through exits since. Whether it took its event comes first.
    func show(
        _ controllers: ControllerShadow, eventPending: Bool, machine: inout some HostMemoryMachine & ~Copyable
    ) {
        store(event(isPending: eventPending), at: ExchangeLayout.eventPending, machine: &machine)
        let tag = UInt64(sequence) << ControllerWord.tagShift
        store(controllers.word | tag, at: ExchangeLayout.controllers, machine: &machine)
    }

    private func store(_ value: UInt64, at offset: Int, machine: inout some HostMemoryMachine & ~Copyable) {
        var bytes = InlineArray<8, UInt8>(repeating: 0)
        var field = bytes.mutableSpan
        field.storeLittleEndian(value, at: 0)
        machine.copy(field.span, to: page.part(at: offset, count: 8))
    }

    /// The host's answer to the last exit, if it is there.
    func answer(machine: inout some HostMemoryMachine & ~Copyable) -> ExchangeAnswer? {
        let answered = machine.readWord(at: page.part(at: ExchangeLayout.answered, count: 4))
        guard answered == sequence else { return nil }
        // The host wrote the input before the number: what is read now is at least as new.
        return hostPart(machine: &machine)
    }

    private func hostPart(machine: inout some HostMemoryMachine & ~Copyable) -> ExchangeAnswer {
        typealias Layout = ExchangeLayout
        var bytes = InlineArray<32, UInt8>(repeating: 0)
        var fields = bytes.mutableSpan
        machine.copy(page.part(at: Layout.answered, count: Layout.answerSize), into: &fields)
        return ExchangeAnswer(
            input: fields.span.littleEndian(at: Layout.input &- Layout.answered, as: UInt64.self),
            eventNumber: fields.span.littleEndian(at: Layout.eventNumber &- Layout.answered, as: UInt32.self),
            event: fields.span.littleEndian(at: Layout.event &- Layout.answered, as: UInt32.self),
            controllers: fields.span.littleEndian(
                at: Layout.givenControllers &- Layout.answered, as: UInt64.self))
    }

    /// The host's event in an answer, if it is a new one.
    mutating func newEvent(in answer: ExchangeAnswer) -> UInt64? {
        guard answer.eventNumber != lastEvent else { return nil }
        lastEvent = answer.eventNumber
        return UInt64(answer.event)
    }

    /// The host's event, if it is a new one, while the guest runs.
    mutating func newEvent(machine: inout some HostMemoryMachine & ~Copyable) -> UInt64? {
        let number = machine.readWord(at: page.part(at: ExchangeLayout.eventNumber, count: 4))
        guard number != lastEvent else { return nil }
        return newEvent(in: hostPart(machine: &machine))
    }

    /// Waits a bounded time for an answer, then sleeps once until somebody raises the core's attention. Called
    /// without the manager's lock. Nil: no answer yet; the manager has to look whether the core shall leave.
    public func wait(machine: inout some HostMemoryMachine & CoreMachine & ~Copyable) -> ExchangeAnswer? {
        for _ in 0..<Self.patience {
            if let answer = answer(machine: &machine) { return answer }
            if machine.takeAttention() { return nil }
            machine.pause()
        }
        show(.asleep, machine: &machine)
        // An answer that came before the host could see that the core sleeps brings no signal.
        if let answer = answer(machine: &machine) { return answer }
        machine.sleepUntilSignal()
        _ = machine.takeAttention()
        show(.waiting, machine: &machine)
        return answer(machine: &machine)
    }
}

/// The host's part of an exchange page, as it was copied.
public struct ExchangeAnswer: Equatable, Sendable {
    /// The host's word.
    public let input: UInt64
    let eventNumber: UInt32
    let event: UInt32
    let controllers: UInt64
}

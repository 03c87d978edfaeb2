import TPM2

/// A TPM behind its registers, as the profile describes them, with faults to switch on.
struct TISModel: TISHardware {
    enum Fault {
        case none, absent, neverActive, neverReady, zeroBurst, expectsMore, neverAnswers, stopsInAnswer
    }

    var fault = Fault.none
    var burst = 7
    var answer: [UInt8]
    private var received: [UInt8] = []
    private var given = 0
    private var state = State.idle
    private var active = false
    private let log: Log

    /// What the test looks at afterwards.
    final class Log {
        var commands: [[UInt8]] = []
        var intervals = 0
        var endedIdle = false
    }
    private enum State { case idle, ready, receiving, done }

    init(answer: [UInt8], fault: Fault = .none, log: Log) {
        self.answer = answer
        self.fault = fault
        self.log = log
    }

    mutating func read32(_ offset: UInt32) -> UInt32 {
        fault == .absent ? UInt32.max : 0x0001_1014
    }

    mutating func read8(_ offset: UInt32) -> UInt8 {
        switch offset {
        case TISRegister.access: fault == .absent ? 0xFF : 0x80 | (active ? 0x20 : 0)
        case TISRegister.status: status
        case TISRegister.status + 1: fault == .zeroBurst ? 0 : UInt8(burst)
        case TISRegister.status + 2: 0
        case TISRegister.fifo: nextByte()
        default: 0xFF
        }
    }

    private var status: UInt8 {
        switch state {
        case .idle: 0x80
        case .ready: fault == .neverReady ? 0x80 : 0xC0
        case .receiving: fault == .expectsMore ? 0x88 : 0x80
        case .done:
            fault == .neverAnswers || given == answer.count || (fault == .stopsInAnswer && given > 11)
                ? 0x80 : 0x90
        }
    }

    private mutating func nextByte() -> UInt8 {
        guard state == .done, given < answer.count else { return 0xFF }
        given += 1
        return answer[given - 1]
    }

    mutating func write8(_ offset: UInt32, _ value: UInt8) {
        switch (offset, value) {
        case (TISRegister.access, 0x02): active = fault != .neverActive
        case (TISRegister.status, 0x40):
            log.endedIdle = state == .done
            state = .ready
            received = []
            given = 0
        case (TISRegister.status, 0x20):
            log.commands.append(received)
            state = .done
        case (TISRegister.fifo, _):
            received.append(value)
            state = .receiving
        default: break
        }
    }

    mutating func waitInterval() { log.intervals += 1 }
}

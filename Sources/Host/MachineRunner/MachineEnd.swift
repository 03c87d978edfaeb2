/// How a machine came to its end.
public enum MachineEnd: Equatable, Sendable, CustomStringConvertible {
    /// The emulator ended by itself, with this status.
    case status(Int32)
    /// A signal ended the emulator: a defect of its own, whoever provoked it.
    case signal(Int32)
    /// It was stopped: for as long as ``Patience/silence`` it had a processor and wrote nothing.
    case silent
    /// It was stopped: as ``silent``, and a processor of the emulator did not come to the end of an instruction. A defect of the
    /// emulator, whoever provoked it.
    case stuck
    /// It was stopped: its time was over, though it still wrote something or had no processor. Says nothing of it.
    case unfinished

    /// Whether the emulator failed, and what the machine would have done nobody saw.
    public var isOfEmulator: Bool {
        switch self {
        case .signal, .stuck: true
        case .status, .silent, .unfinished: false
        }
    }

    /// The status or the signal's number; 0 for a machine that was stopped.
    var number: Int32 {
        switch self {
        case .status(let number), .signal(let number): number
        case .silent, .stuck, .unfinished: 0
        }
    }

    /// `status 33`, `signal 11`, `silent`, `stuck`, `unfinished`.
    public var description: String {
        switch self {
        case .status(let status): "status \(status)"
        case .signal(let number): "signal \(number)"
        case .silent: "silent"
        case .stuck: "stuck"
        case .unfinished: "unfinished"
        }
    }
}

/// How long a machine may take.
public struct Patience: Sendable {
    /// Seconds of the clock on the wall.
    public var total: Double
    /// Seconds without a word on either serial port, not counted those in which it waited for a processor: a loaded
    /// computer makes no machine look dead.
    public var silence: Double

    public init(total: Double, silence: Double) {
        self.total = total
        self.silence = silence
    }
}

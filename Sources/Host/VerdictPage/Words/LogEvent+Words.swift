internal import ReportFormat
internal import SICEABI

extension LogEvent {
    /// One letter for drawings; the table beside them has the words.
    var letter: String {
        switch self {
        case .boot: "B"
        case .sealed: "S"
        case .started: "R"
        case .exited: "E"
        case .crashed: "C"
        case .destroyed: "D"
        case .refused: "X"
        case .unexpectedReset: "U"
        case .managerFault: "F"
        }
    }

    var words: String {
        switch self {
        case .boot: "The security manager was locked in."
        case .sealed: "An image was loaded and measured."
        case .started: "An environment began to run."
        case .exited: "An environment ended by itself."
        case .crashed: "An environment crashed."
        case .destroyed: "An environment was destroyed."
        case .refused: "A request that looks like an attack was refused."
        case .unexpectedReset: "A core was reset while it ran an environment."
        case .managerFault: "The security manager failed, and serves nobody any more."
        }
    }

    /// Whether somebody who signs off the machine must know what is behind it.
    var isAlarming: Bool {
        switch self {
        case .boot, .sealed, .started, .exited, .destroyed: false
        case .crashed, .refused, .unexpectedReset, .managerFault: true
        }
    }
}

extension RuntimeLogEntry {
    /// What the two numbers of an entry say, for the events that have any.
    var detail: String {
        let (first, second) = ("0x\(String(details[0], radix: 16))", "0x\(String(details[1], radix: 16))")
        return switch event {
        case .boot: "flags \(first)"
        case .sealed, .started, .destroyed: ""
        case .exited: "exit status \(first)"
        case .crashed, .managerFault: "code \(first), address \(second)"
        case .refused: "register RBX \(first)"
        case .unexpectedReset: "core \(details[0])"
        }
    }
}

internal import DeviceModel

/// What goes between `sice console` and the process that serves the guest, as telnet has it (RFC 854 for the escapes): typed
/// bytes and between them the terminal's size (RFC 1073) one way, the guest's bytes and at their end the reason why no more
/// follow the other way. Without that word an end is a server that is gone, or that gave up.
enum ConsoleLine {
    /// The server's last word.
    enum Farewell: UInt8 {
        /// The guest's machine has ended: EOF (RFC 1184).
        case ended = 236
        /// Somebody else has the console: ABORT (RFC 1184).
        case taken = 238
    }

    fileprivate static let escape: UInt8 = 255  // IAC
    fileprivate static let begin: UInt8 = 250  // SB
    fileprivate static let end: UInt8 = 240  // SE
    fileprivate static let windowSize: UInt8 = 31  // NAWS

    /// Bytes for the guest. The escape is sent twice.
    static func encode(_ typed: [UInt8]) -> [UInt8] {
        typed.flatMap { $0 == escape ? [escape, escape] : [$0] }
    }

    static func encode(_ farewell: Farewell) -> [UInt8] { [escape, farewell.rawValue] }

    /// The terminal's size.
    static func encode(_ size: WindowSize) -> [UInt8] {
        let bytes = [size.columns, size.rows].flatMap { number in
            [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
        }
        return [escape, begin, windowSize] + encode(bytes) + [escape, end]
    }
}

/// Takes what a server sends apart, piece by piece as it comes. Other commands than a farewell are dropped.
struct ConsoleAnswerDecoder {
    private(set) var farewell: ConsoleLine.Farewell?
    private var isCommand = false

    /// The guest's bytes among `bytes`; none behind the farewell.
    mutating func decode(_ bytes: [UInt8]) -> [UInt8] {
        var words: [UInt8] = []
        for byte in bytes where farewell == nil {
            let isEscape = byte == ConsoleLine.escape
            if isCommand, !isEscape { farewell = ConsoleLine.Farewell(rawValue: byte) }
            if isCommand == isEscape { words.append(byte) }
            isCommand = isEscape && !isCommand
        }
        return words
    }
}

/// Takes what a client sends apart, piece by piece as it comes. Whoever connects may send anything: what makes no sense is
/// dropped.
struct ConsoleLineDecoder {
    private enum State {
        case typed, command, option, optionCommand
    }

    /// The last size that came and was not taken yet.
    private(set) var size: WindowSize?
    private var state = State.typed
    private var option: [UInt8] = []
    /// Of which option a size is the longest, and only, one that is understood.
    private static let sizeBytes = 5

    /// The typed bytes among `bytes`.
    mutating func decode(_ bytes: [UInt8]) -> [UInt8] {
        var typed: [UInt8] = []
        for byte in bytes where accept(byte) { typed.append(byte) }
        return typed
    }

    mutating func takeSize() -> WindowSize? { size.take() }

    /// Whether the byte was typed.
    private mutating func accept(_ byte: UInt8) -> Bool {
        let isEscape = byte == ConsoleLine.escape
        switch state {
        case .typed:
            if isEscape { state = .command }
            return !isEscape
        case .command:
            option = []
            state = byte == ConsoleLine.begin ? .option : .typed
            return isEscape
        case .option:
            if isEscape { state = .optionCommand } else { collect(byte) }
        case .optionCommand:
            if isEscape { collect(byte) }
            if byte == ConsoleLine.end { finishOption() }
            state = byte == ConsoleLine.end ? .typed : .option
        }
        return false
    }

    private mutating func collect(_ byte: UInt8) {
        // One more than a size has, so that a longer option is not taken for one.
        if option.count <= Self.sizeBytes { option.append(byte) }
    }

    private mutating func finishOption() {
        guard option.count == Self.sizeBytes, option[0] == ConsoleLine.windowSize else { return }
        let columns = UInt16(option[1]) << 8 | UInt16(option[2])
        let rows = UInt16(option[3]) << 8 | UInt16(option[4])
        // A terminal that does not know its size says 0.
        if rows != 0, columns != 0 { size = WindowSize(rows: rows, columns: columns) }
    }
}

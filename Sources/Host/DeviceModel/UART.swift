/// A 16550A (National Semiconductor PC16550D data sheet), whose line is two queues.
///
/// Bytes leave at once as long as the output queue has room for a FIFO; then the transmitter is busy until the host
/// takes some.
/// The modem on the other side is always ready. Received bytes below the FIFO's trigger level count as timed out at
/// once, since nothing is gained by waiting.
struct UART: Sendable {
    private enum LineStatus {
        static let dataReady: UInt8 = 0x01
        static let transmitterReady: UInt8 = 0x20
        static let transmitterEmpty: UInt8 = 0x40
    }

    private enum ModemControl {
        static let terminalReady: UInt8 = 0x01
        static let requestToSend: UInt8 = 0x02
        static let output1: UInt8 = 0x04
        static let output2: UInt8 = 0x08
        static let loopback: UInt8 = 0x10
    }

    /// Bits of the interrupt enable register.
    private enum Enable {
        static let received: UInt8 = 0x01
        static let transmitter: UInt8 = 0x02
        static let modem: UInt8 = 0x08
    }

    private static let divisorAccess: UInt8 = 0x80
    private static let fifoSize = 16
    /// Clear to send, data set ready, carrier.
    private static let readyModem: UInt8 = 0xB0
    /// Bit of the modem status.
    private static let endOfRing: UInt8 = 0x04

    private var enabled: UInt8 = 0
    private var lineControl: UInt8 = 0
    private var modemControl: UInt8 = 0
    private var scratch: UInt8 = 0
    private var divisor: UInt16 = 12
    private var hasFIFO = false
    private var triggerLevel = 1
    /// Transmitter interrupt: set when the transmitter becomes ready or is asked about, cleared when that was read.
    private var transmitterPending = false
    private var modemChanges: UInt8 = 0
    /// What the guest has not read yet: the FIFO.
    private var received = ByteQueue(capacity: UART.fifoSize)
    private var waitingInput: ByteQueue
    private var output: ByteQueue

    init(inputCapacity: Int, outputCapacity: Int) {
        waitingInput = ByteQueue(capacity: inputCapacity)
        output = ByteQueue(capacity: max(outputCapacity, Self.fifoSize))
    }

    // MARK: The host's side

    /// Queues bytes for the guest; returns how many had room.
    mutating func send(_ bytes: some Sequence<UInt8>) -> Int {
        var sent = 0
        for byte in bytes {
            guard waitingInput.append(byte) else { break }
            sent += 1
        }
        refill()
        return sent
    }

    /// Takes what the guest wrote, at most `limit` bytes.
    mutating func takeOutput(limit: Int) -> [UInt8] {
        let wasReady = isTransmitterReady
        var bytes: [UInt8] = []
        while bytes.count < limit, let byte = output.removeFirst() { bytes.append(byte) }
        if !wasReady, isTransmitterReady { transmitterPending = true }
        return bytes
    }

    /// The other side rings once. A port in loopback does not hear it.
    mutating func ring() {
        if !isLooped { modemChanges |= Self.endOfRing }
    }

    /// The interrupt line as it leaves the card, which gates it by OUT2.
    var interruptLine: Bool {
        interruptIdentity != nil
            && modemControl & (ModemControl.output2 | ModemControl.loopback) == ModemControl.output2
    }

    // MARK: The guest's side

    mutating func read(_ register: UInt16) -> UInt8 {
        let isDivisor = lineControl & Self.divisorAccess != 0
        switch register {
        case 0: return isDivisor ? UInt8(truncatingIfNeeded: divisor) : readData()
        case 1: return isDivisor ? UInt8(truncatingIfNeeded: divisor >> 8) : enabled
        case 2: return readIdentity()
        case 3: return lineControl
        case 4: return modemControl
        case 5: return lineStatus
        case 6:
            defer { modemChanges = 0 }
            return modemLines | modemChanges
        default: return scratch
        }
    }

    mutating func write(_ register: UInt16, _ value: UInt8) {
        let isDivisor = lineControl & Self.divisorAccess != 0
        switch register {
        case 0:
            if isDivisor { divisor = divisor & 0xFF00 | UInt16(value) } else { writeData(value) }
        case 1:
            if isDivisor { divisor = divisor & 0xFF | UInt16(value) << 8 } else { enable(value) }
        case 2: controlFIFO(value)
        case 3: lineControl = value
        case 4: controlModem(value)
        case 7: scratch = value
        default: return  // status registers
        }
    }

    private mutating func readData() -> UInt8 {
        let byte = received.removeFirst() ?? 0
        refill()
        return byte
    }

    /// A byte that has no room is lost, as on any line; the guest was told that the transmitter is not ready.
    private mutating func writeData(_ value: UInt8) {
        if isLooped {
            if received.count < receiverSize { _ = received.append(value) }
        } else {
            _ = output.append(value)
        }
        transmitterPending = isTransmitterReady
    }

    private mutating func enable(_ value: UInt8) {
        // Enabled anew, a ready transmitter asks at once; drivers test for that.
        if value & Enable.transmitter != 0, enabled & Enable.transmitter == 0, isTransmitterReady {
            transmitterPending = true
        }
        enabled = value & 0x0F
    }

    private mutating func controlFIFO(_ value: UInt8) {
        let isOn = value & 0x01 != 0
        // The FIFO is emptied when it is switched; the other bits count only while it is on.
        if isOn != hasFIFO || value & 0x02 != 0 { received.removeAll() }
        hasFIFO = isOn
        let levels: InlineArray<4, Int> = [1, 4, 8, 14]
        triggerLevel = isOn ? levels[Int(value >> 6)] : 1
        refill()
    }

    private mutating func controlModem(_ value: UInt8) {
        let before = modemLines
        modemControl = value & 0x1F
        let changed = (before ^ modemLines) >> 4
        // The ring indicator reports only its end.
        modemChanges |= changed & 0x0B | (before & ~modemLines) >> 4 & Self.endOfRing
        refill()
    }

    private mutating func readIdentity() -> UInt8 {
        let identity = interruptIdentity
        if identity == 0x02 { transmitterPending = false }
        return (identity ?? 0x01) | (hasFIFO ? 0xC0 : 0)
    }

    // MARK: State

    /// The most urgent interrupt (data sheet, table IV): data, or data that waits below the trigger; transmitter;
    /// modem.
    private var interruptIdentity: UInt8? {
        if enabled & Enable.received != 0, !received.isEmpty {
            return received.count >= triggerLevel ? 0x04 : 0x0C
        }
        if enabled & Enable.transmitter != 0, transmitterPending { return 0x02 }
        if enabled & Enable.modem != 0, modemChanges != 0 { return 0x00 }
        return nil
    }

    private var lineStatus: UInt8 {
        (received.isEmpty ? 0 : LineStatus.dataReady)
            | (isTransmitterReady ? LineStatus.transmitterReady | LineStatus.transmitterEmpty : 0)
    }

    private var isLooped: Bool { modemControl & ModemControl.loopback != 0 }
    /// A ready transmitter must take as many bytes as its FIFO holds, since a driver sends them without asking again.
    private var isTransmitterReady: Bool { isLooped || output.capacity - output.count >= Self.fifoSize }
    private var receiverSize: Int { hasFIFO ? Self.fifoSize : 1 }

    /// Bits 7:4 of the modem status. In loopback the outputs are the inputs: RTS is CTS, DTR is DSR, OUT1 is RI,
    /// OUT2 is DCD.
    private var modemLines: UInt8 {
        guard isLooped else { return Self.readyModem }
        return (modemControl & ModemControl.requestToSend != 0 ? 0x10 : 0)
            | (modemControl & ModemControl.terminalReady != 0 ? 0x20 : 0)
            | (modemControl & ModemControl.output1 != 0 ? 0x40 : 0)
            | (modemControl & ModemControl.output2 != 0 ? 0x80 : 0)
    }

    /// Moves what waits into the FIFO, as far as it has room.
    private mutating func refill() {
        guard !isLooped else { return }
        while received.count < receiverSize, let byte = waitingInput.removeFirst() {
            _ = received.append(byte)
        }
    }
}

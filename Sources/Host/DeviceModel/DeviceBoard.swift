/// The devices of a Linux guest's machine, in the legacy host: two 8259A, 8254, 16550A on IRQ 4, another on IRQ 3 as a bell,
/// clock, reset and power-off. Nothing here is trusted: the security manager shows it a port access's operand only, and checks what it
/// answers.
///
/// Time is passed in, in nanoseconds since the machine was switched on; a time before the last one counts as the last
/// one. The guest has no ACPI and no PCI: configuration ports read as all ones, like every port without a device.
public struct DeviceBoard: Sendable {
    /// A byte written here switches the machine off. Linux without ACPI has no power-off of its own; an init program
    /// writes to /dev/port at this offset.
    public static let powerOffPort: UInt16 = 0xF4
    private static let timerInterrupt = 0
    private static let serialInterrupt = 4
    private static let bellInterrupt = 3

    public private(set) var power = PowerState.on
    private var interrupts = PICPair()
    private var timer = PIT()
    private var serial: UART
    /// The second serial port has no line: only its modem speaks, see ``ring()``.
    private var bell = UART(inputCapacity: 1, outputCapacity: 1)
    private var clock: RTC
    private var control = SystemControl()
    private var windowSize = WindowSize(rows: 0, columns: 0)
    private var lastTime: UInt64 = 0

    /// - Parameters:
    ///   - secondsSince1970: what the guest's clock shows at time 0.
    ///   - inputCapacity: bytes for the guest's console that may wait.
    ///   - outputCapacity: bytes of the guest's console that may wait; then its transmitter is busy.
    public init(secondsSince1970: Int64, inputCapacity: Int = 4096, outputCapacity: Int = 65_536) {
        clock = RTC(start: secondsSince1970)
        serial = UART(inputCapacity: inputCapacity, outputCapacity: outputCapacity)
    }

    /// The guest reads a port. Wider accesses than a device has are bytes at successive ports, as on the ISA bus.
    public mutating func read(port: UInt16, width: PortWidth, now: UInt64) -> UInt32 {
        let now = advance(to: now)
        defer { updateLines() }
        var value: UInt32 = 0
        for index in 0..<width.rawValue {
            let byte = read(port &+ UInt16(index), isByte: width == .byte, now)
            value |= UInt32(byte) << (index * 8)
        }
        return value
    }

    /// The guest writes a port; bits beyond the width are ignored.
    public mutating func write(port: UInt16, width: PortWidth, value: UInt32, now: UInt64) {
        let now = advance(to: now)
        for index in 0..<width.rawValue {
            let byte = UInt8(truncatingIfNeeded: value >> (index * 8))
            write(port &+ UInt16(index), byte, isByte: width == .byte, now)
        }
        updateLines()
    }

    /// The vector of the interrupt that the guest should get; nil when there is none.
    public mutating func pendingInterrupt(now: UInt64) -> UInt8? {
        _ = advance(to: now)
        return interrupts.pending
    }

    /// The guest takes the interrupt. Returns its vector, which is that of ``pendingInterrupt(now:)`` unless that was
    /// nil: then it is the spurious one.
    public mutating func acknowledge() -> UInt8 { interrupts.acknowledge() }

    /// By this word the manager may take what the guest does to its interrupt controllers without asking here, until
    /// ``apply(controllers:)``; 0: not now.
    public var controllerWord: UInt64 { interrupts.word }

    /// What the guest did to its interrupt controllers by the word that was given away last; 0 for nothing.
    public mutating func apply(controllers word: UInt64) { interrupts.apply(word) }

    /// When an interrupt comes by itself, after a time; nil when none does before the guest or the host acts.
    public mutating func nextEvent(after time: UInt64) -> UInt64? {
        let now = advance(to: time)
        guard !interrupts.isMasked(Self.timerInterrupt) else { return nil }
        return timer.nextRise(after: now)
    }

    /// Types on the guest's console. Returns how many bytes had room.
    public mutating func sendInput(_ bytes: some Sequence<UInt8>) -> Int {
        defer { updateLines() }
        return serial.send(bytes)
    }

    /// Tells the guest the size of the terminal at its console.
    public mutating func setWindowSize(_ size: WindowSize) {
        guard size != windowSize else { return }
        windowSize = size
        serial.ring()
        updateLines()
    }

    /// Takes what the guest wrote to its console, at most `limit` bytes.
    public mutating func takeOutput(limit: Int = .max) -> [UInt8] {
        defer { updateLines() }
        return serial.takeOutput(limit: limit)
    }

    /// Tells a guest that waits for a ring of its second serial port (Linux: TIOCMIWAIT) that there is something for it. With
    /// nine port accesses the cheapest interrupt that a program under an unmodified kernel can wait for.
    public mutating func ring() {
        bell.ring()
        updateLines()
    }

    private mutating func advance(to now: UInt64) -> UInt64 {
        lastTime = max(lastTime, now)
        if timer.takeRise(now: lastTime) { interrupts.pulse(Self.timerInterrupt) }
        return lastTime
    }

    private mutating func updateLines() {
        interrupts.setLine(Self.serialInterrupt, serial.interruptLine)
        interrupts.setLine(Self.bellInterrupt, bell.interruptLine)
    }

    private mutating func read(_ port: UInt16, isByte: Bool, _ now: UInt64) -> UInt8 {
        switch port {
        case 0x20, 0x21, 0xA0, 0xA1, 0x4D0, 0x4D1: interrupts.read(port)
        case 0x40...0x43: timer.read(port, now: now)
        case 0x61: control.readPortB(timer, now: now)
        case 0x64: SystemControl.keyboardStatus
        case 0x70, 0x71: clock.read(port, now: now)
        case 0x2F8...0x2FF: bell.read(port - 0x2F8)
        case 0x3F8...0x3FF: serial.read(port - 0x3F8)
        case WindowSize.port...WindowSize.port + 3: windowSize.byte(port - WindowSize.port)
        case 0xCF9 where isByte: control.resetControl
        default: 0xFF
        }
    }

    private mutating func write(_ port: UInt16, _ value: UInt8, isByte: Bool, _ now: UInt64) {
        switch port {
        case 0x20, 0x21, 0xA0, 0xA1, 0x4D0, 0x4D1: interrupts.write(port, value)
        case 0x40...0x43: timer.write(port, value, now: now)
        case 0x61: control.writePortB(value, &timer, now: now)
        case 0x64: if value == SystemControl.resetCommand { ask(.reset) }
        case 0x70, 0x71: clock.write(port, value)
        case Self.powerOffPort: ask(.off(value))
        case 0x2F8...0x2FF:
            bell.write(port - 0x2F8, value)
            _ = bell.takeOutput(limit: .max)
        case 0x3F8...0x3FF: serial.write(port - 0x3F8, value)
        // A wider access is one to the PCI configuration address, which lies around this byte.
        case 0xCF9 where isByte: if control.writeReset(value) { ask(.reset) }
        default: return
        }
    }

    /// The first wish counts.
    private mutating func ask(_ state: PowerState) {
        if power == .on { power = state }
    }
}

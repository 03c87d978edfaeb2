internal import ByteIO
public import Diagnostics
internal import SICEABI

/// Multi-core mode from the host's side. The exchange page of an environment lies in the communication area at a place
/// that its slot gives, so that another process can go on where one stopped.
extension ManagerClient {
    /// Gives the core with this local APIC identifier, which Linux took offline, to the environment. Returns at once.
    /// Throws `noSuchCore`, `coreBusy`, `coreUnreachable`.
    public func launch(_ identifier: UInt32, apicIdentifier: UInt32) throws(ToolError) {
        // An answer to an earlier launch must not be taken for one to this.
        clearExchange(identifier)
        let page = AreaLayout.exchangePage(of: identifier)
        let request = ManagerRegisters(
            .launch, rcx: UInt64(identifier), rdx: UInt64(apicIdentifier), rsi: address(page))
        try call(request, "environment \(identifier), core with APIC identifier \(apicIdentifier)")
        places.note(identifier, onOwnCore: true)
    }

    /// Asks the environment's core to come back. True once it has; until then call again after a moment.
    public func stop(_ identifier: UInt32) throws(ToolError) -> Bool {
        try call(ManagerRegisters(.stop, rcx: UInt64(identifier)), "environment \(identifier)").rbx == 0
    }

    /// The conversation with a launched environment.
    public func exchange(with identifier: UInt32) -> ExchangeConversation<Connection> {
        ExchangeConversation(client: self, environment: identifier)
    }
}

/// The host's side of ``SICEABI/ExchangeLayout``.
public struct ExchangeConversation<Connection: ManagerConnection> {
    let client: ManagerClient<Connection>
    let environment: UInt32

    private var page: Int { AreaLayout.exchangePage(of: environment) }

    private func number(_ offset: Int) -> UInt32 {
        client.connection.read(4, at: page + offset).span.littleEndian(at: 0, as: UInt32.self)
    }

    private func word(_ offset: Int) -> UInt64 {
        client.connection.read(8, at: page + offset).span.littleEndian(at: 0, as: UInt64.self)
    }

    /// The newest exit, if it was not answered yet. Throws `managerFault` for one that makes no sense.
    public func exit() throws(ToolError) -> EnvironmentExit? {
        // The manager writes this number last.
        guard number(ExchangeLayout.sequence) != number(ExchangeLayout.answered) else { return nil }
        let reason = UInt64(number(ExchangeLayout.reason))
        let operands = (word(ExchangeLayout.firstOperand), word(ExchangeLayout.secondOperand))
        guard let exit = EnvironmentExit(reason, operands.0, operands.1) else {
            throw ToolError(.managerFault, "unknown exit reason \(reason)")
        }
        return exit
    }

    /// Whether the core is in SMM for the environment, or was.
    public var hasEntered: Bool { number(ExchangeLayout.state) != ExchangeState.pending.rawValue }

    /// Whether the core sleeps, so that an answer has to wake it.
    public var isAsleep: Bool { number(ExchangeLayout.state) == ExchangeState.asleep.rawValue }

    /// Whether the core has left SMM.
    public var hasLeft: Bool { number(ExchangeLayout.state) == ExchangeState.left.rawValue }

    /// Whether a Linux guest has not taken its last interrupt yet: it had not when it stopped at the newest exit, or the
    /// interrupt crossed that exit and is still to be looked at.
    public var isEventPending: Bool {
        number(ExchangeLayout.eventSeen) != number(ExchangeLayout.eventNumber)
            || number(ExchangeLayout.eventPending) != 0
    }

    /// What a Linux guest did to its interrupt controllers since the newest answer; 0 for nothing. What it did before
    /// an exit is there when the exit is.
    public var controllers: UInt64 {
        let shown = word(ExchangeLayout.controllers)
        let tag = UInt64(number(ExchangeLayout.answered)) << ControllerWord.tagShift
        return shown & ~ControllerWord.allBits == tag ? shown & ControllerWord.allBits : 0
    }

    /// Gives a Linux guest that runs an interrupt.
    public func interrupt(_ vector: UInt8) throws(ToolError) {
        write(event: vector)
        try kick()
    }

    private func write(event vector: UInt8) {
        write(UInt32(truncatingIfNeeded: GuestEvent.valid) | UInt32(vector), at: ExchangeLayout.event)
        write(number(ExchangeLayout.eventNumber) &+ 1, at: ExchangeLayout.eventNumber)
    }

    private func write(_ value: some FixedWidthInteger & UnsignedInteger, at offset: Int) {
        var bytes = [UInt8](repeating: 0, count: value.bitWidth / 8)
        var span = bytes.mutableSpan
        span.storeLittleEndian(value, at: 0)
        client.connection.write(bytes[...], at: page + offset)
    }

    private func kick() throws(ToolError) {
        do throws(ToolError) {
            try client.call(ManagerRegisters(.kick, rcx: UInt64(environment)))
        } catch  where error.code == .wrongState {
            // It was stopped this moment; what it was to be told waits in its page.
        }
    }

    /// Answers the newest exit, with an interrupt and a ``SICEABI/ControllerWord`` for a Linux guest, and wakes the core
    /// if it sleeps.
    public func answer(
        _ input: UInt64, interrupt: UInt8? = nil, controllers: UInt64 = 0
    ) throws(ToolError) {
        if let interrupt { write(event: interrupt) }
        write(input, at: ExchangeLayout.input)
        write(controllers, at: ExchangeLayout.givenControllers)
        write(number(ExchangeLayout.sequence), at: ExchangeLayout.answered)
        if isAsleep { try kick() }
    }

    /// Answers what the workload waits for with `input`, and waits for its next exit, as ``ManagerClient/run(_:input:)``
    /// does in the other mode. Throws `wrongState` when somebody stops the environment meanwhile.
    public func run(input: UInt64) throws(ToolError) -> RunResult {
        let first = try wait()
        guard case .yielded = first else { return first }
        try answer(input)
        return try wait()
    }

    private func wait() throws(ToolError) -> RunResult {
        var looks = 0
        while true {
            // In this order: the last exit of a core that left is there when one sees that it left.
            let hasLeft = hasLeft
            if let exit = try exit() {
                if let result = try RunResult(exit, of: environment) { return result }
                try answer(0)
            } else if hasLeft {
                throw ToolError(.wrongState, "environment \(environment) left its core")
            }
            client.connection.pause(afterLooks: looks)
            looks += 1
            if looks > Patience.quickLooks, looks % Patience.looksOfATurn == 0 { try letOthersIn() }
        }
    }

    /// The page belongs to the slot: another environment could be there now.
    private func letOthersIn() throws(ToolError) {
        try client.connection.letOthersIn()
        _ = try client.environment(environment)
    }
}

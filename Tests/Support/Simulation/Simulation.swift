public import GuestPolicy
public import ManagerCore
public import SICEABI

/// A manager on a simulated machine, and the legacy host that calls it.
public final class Simulation {
    public var manager: Manager<SimulatedMachine>
    public var machine: SimulatedMachine
    private var lastWord: UInt64 = 0

    /// Takes over from a payload; `isReady` also makes the key and locks. `flags` are ``HandoffFlags``; `tried` and
    /// `present` are the payload's findings (``HandoffLayout/postureTried``).
    public init(
        poolPages: Int = 600, cores: UInt32 = 4, flags: UInt32 = HandoffFlags.measuredBoot,
        seed: UInt64 = 1, tried: UInt32 = 0, present: UInt32 = 0, isReady: Bool = true
    ) throws(ErrorCode) {
        var machine = SimulatedMachine(poolPages: poolPages, seed: seed)
        var handoff = MachineLayout.handoff(poolPages: poolPages, cores: cores, flags: flags)
        handoff.set(tried, at: HandoffLayout.postureTried)
        handoff.set(present, at: HandoffLayout.posturePresent)
        manager = try Self.takeOver(handoff, machine: &machine)
        self.machine = machine
        guard isReady else { return }
        _ = try call(.install, rcx: Place.output)
        _ = try call(.lock)
    }

    /// A manager that takes over from a payload that left `handoff`.
    public static func takeOver(
        _ handoff: [UInt8], machine: inout SimulatedMachine
    ) throws(ErrorCode) -> Manager<SimulatedMachine> {
        let version = MachineLayout.version
        return try Manager(handoff: handoff.span, version: version.span, machine: &machine)
    }

    /// Addresses in host memory that do not overlap.
    public enum Place {
        public static let image: UInt64 = 0x10_0000
        public static let output: UInt64 = 0x1_0000_0000
        public static let nonce: UInt64 = 0x1_0000_1000
        public static let window: UInt64 = MachineLayout.communicationBase
    }

    /// Sends a command as the host would, from `core`, and gives the registers after it. Throws its error.
    ///
    /// Checks what holds for every command: a failure changes RAX only. The guest, if one is entered, goes
    /// through `exits` one after the other.
    @discardableResult
    public func call(
        _ command: Command, rcx: UInt64 = 0, rdx: UInt64 = 0, rsi: UInt64 = 0, rdi: UInt64 = 0, core: Int = 0,
        exits: [SimulatedExit] = []
    ) throws(ErrorCode) -> HostRegisters {
        try call(
            HostRegisters(
                rax: ABI.requestMagic, rbx: command.rawValue, rcx: rcx, rdx: rdx, rsi: rsi, rdi: rdi),
            core: core, exits: exits)
    }

    /// Sends any registers; a request without a word gets one.
    @discardableResult
    public func call(
        _ request: HostRegisters, core: Int = 0, exits: [SimulatedExit] = []
    ) throws(ErrorCode) -> HostRegisters {
        let original = request.r8
        let request = authorized(request)
        var registers = request
        var step = manager.handle(&registers, on: core, machine: &machine)
        var next = 0
        while case .enterGuest(let slot) = step {
            // Every scripted guest ends its slice at last.
            let exit = next < exits.count ? exits[next] : .interrupt
            next += 1
            for (register, value) in exit.registers {
                machine.setRegister(register, of: slot, to: value)
            }
            step = manager.finish(exit.exit, on: core, registers: &registers, machine: &machine)
        }
        let code = UInt16(truncatingIfNeeded: registers.rax)
        guard registers.rax & ~0xFFFF == ABI.responseMagic else { fatalError("no answer") }
        precondition(registers.r8 == request.r8, "R8 was changed")
        guard code != 0 else { return with(word: original, registers) }
        var changed = request
        changed.rax = registers.rax
        precondition(registers == changed, "a failure changed more than RAX")
        throw ErrorCode(rawValue: code)!
    }

    /// The registers at an SMI of `core`; a request without a word gets one.
    public func handle(_ registers: inout HostRegisters, on core: Int) -> ManagerStep {
        registers = authorized(registers)
        return manager.handle(&registers, on: core, machine: &machine)
    }

    /// A request with a fresh word that is where the manager looks for it; other registers as they are.
    public func authorized(_ registers: HostRegisters) -> HostRegisters {
        guard registers.rax == ABI.requestMagic, registers.r8 == 0 else { return registers }
        lastWord &+= 0x9E37_79B9_7F4A_7C15
        store(lastWord, at: lastWord)
        return with(word: lastWord, registers)
    }

    /// The same registers with this word in R8, which is stored nowhere.
    public func with(word: UInt64, _ registers: HostRegisters) -> HostRegisters {
        HostRegisters(
            rax: registers.rax, rbx: registers.rbx, rcx: registers.rcx, rdx: registers.rdx,
            rsi: registers.rsi, rdi: registers.rdi, r8: word, access: registers.access)
    }

    /// Stores a request word in the slot of the word `slot`.
    public func store(_ word: UInt64, at slot: UInt64) {
        var bytes = [UInt8](repeating: 0, count: 8)
        bytes.set(word, at: 0)
        write(bytes, at: Self.place(ofWord: slot))
    }

    /// Where a request word belongs.
    public static func place(ofWord word: UInt64) -> UInt64 {
        MachineLayout.communicationBase + UInt64(CommunicationArea.requestWords)
            + word % CommunicationArea.requestWordCount * 8
    }

    /// Writes host memory.
    public func write(_ bytes: [UInt8], at address: UInt64) {
        let place = SimulatedMachine.place(address, UInt64(bytes.count))
        machine.host[place.range].replaceSubrange(place.offset..<place.offset + bytes.count, with: bytes)
    }

    /// Reads host memory.
    public func read(_ address: UInt64, _ count: Int) -> [UInt8] {
        let place = SimulatedMachine.place(address, UInt64(count))
        return Array(machine.host[place.range][place.offset..<place.offset + count])
    }
}

/// One exit of a scripted guest: registers that it sets first, and how it stops.
public struct SimulatedExit: Sendable {
    public var registers: [GuestRegister: UInt64]
    public var exit: GuestExit

    public init(_ exit: GuestExit, _ registers: [GuestRegister: UInt64] = [:]) {
        self.exit = exit
        self.registers = registers
    }

    public static let interrupt = SimulatedExit(GuestExit(.hostInterrupt))

    /// A service call with more registers.
    public static func service(
        _ service: Service, _ registers: [GuestRegister: UInt64] = [:]
    ) -> SimulatedExit {
        SimulatedExit(GuestExit(.vmmcall), registers.merging([.rax: service.rawValue]) { $1 })
    }

    public static func yield(_ word: UInt64) -> SimulatedExit { service(.yield, [.rbx: word]) }
    public static func end(_ status: UInt64) -> SimulatedExit { service(.exit, [.rbx: status]) }
}

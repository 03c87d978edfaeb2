public import GuestPolicy
public import ManagerCore

extension Slot {
    /// The slot of the environment that an identifier names; of a number that names none the process ends, as the test is wrong.
    public init(ofIdentifier identifier: UInt64) { self = Slot(identifier & 0xFF)! }
}

extension CoreIndex {
    /// The core of a test's number; the process ends when there can be none.
    public init(_ number: Int) { self = CoreIndex(UInt64(number))! }
}

/// Cores by number, as tests count them.
extension Manager {
    public mutating func handle(
        _ registers: inout HostRegisters, on core: Int, machine: inout Machine
    ) -> ManagerStep {
        handle(&registers, on: CoreIndex(core), machine: &machine)
    }

    public mutating func finish(
        _ exit: GuestExit, on core: Int, registers: inout HostRegisters, machine: inout Machine
    ) -> ManagerStep {
        finish(exit, on: CoreIndex(core), registers: &registers, machine: &machine)
    }

    public mutating func resume(
        _ answer: ExchangeAnswer?, on core: Int, machine: inout Machine
    ) -> ManagerStep {
        resume(answer, on: CoreIndex(core), machine: &machine)
    }

    public mutating func noticeReset(of core: Int, machine: inout Machine) {
        noticeReset(of: CoreIndex(core), machine: &machine)
    }
}

extension ManagerStep {
    public static func enterGuest(slot: Int) -> ManagerStep { .enterGuest(slot: Slot(UInt64(slot))!) }
    public static func enterIsolated(slot: Int) -> ManagerStep { .enterIsolated(slot: Slot(UInt64(slot))!) }
}

extension SimulatedMachine {
    public mutating func setRegister(_ register: GuestRegister, of slot: Int, to value: UInt64) {
        setRegister(register, of: Slot(UInt64(slot))!, to: value)
    }
}

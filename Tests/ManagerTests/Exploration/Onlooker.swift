import ManagerCore

/// Keeps what a fault in the middle of a step would find: the manager's bytes and the machine, as they are when the manager
/// calls the machine for the n-th time.
@safe final class Onlooker {
    /// Calls to let pass before the one that is kept; nil once it is.
    private var left: Int?
    private let manager: UnsafeRawBufferPointer
    private(set) var torn: (manager: [UInt8], machine: ObservedMachine)?

    /// `manager` stays where it is as long as this lives, and is looked at only from inside its own methods.
    @unsafe init(calls: Int, manager: UnsafeRawBufferPointer) {
        left = calls
        unsafe self.manager = manager
    }

    func look(at machine: ObservedMachine) {
        guard let calls = left else { return }
        left = calls == 0 ? nil : calls - 1
        guard calls == 0 else { return }
        var copy = machine
        copy.onlooker = nil
        torn = unsafe (Array(manager), copy)
    }
}

public import Diagnostics
public import ManagerAccess

/// How a guest is entered: by the manager's `run`, or through the exchange page of a core of its own.
public protocol GuestEntrance {
    /// Runs the guest until its next exit. `input` answers a port read; `interrupt` is a vector; `controllers` is the
    /// ``SICEABI/ControllerWord`` that the manager may go by, or 0.
    mutating func enter(input: UInt64, interrupt: UInt8?, controllers: UInt64) throws(ToolError) -> Slice
    /// Changes where it runs, between two entries.
    mutating func move(to place: GuestPlace) throws(ToolError)
    /// What a guest that left its core had done to its interrupt controllers since its last exit; once, then 0.
    mutating func takeControllers() -> UInt64
    /// It stands still and must not be entered.
    var isPaused: Bool { get }
    /// Throws when a guest that stands still is gone.
    func confirm() throws(ToolError)
}

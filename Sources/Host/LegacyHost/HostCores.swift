public import Diagnostics
public import GuestRunner
internal import LinuxSystem
public import ManagerAccess
internal import SICEABI
internal import SystemPackage

/// This machine's CPUs around a Linux guest that one process serves.
///
/// Entering the guest and notifying it touch no staging memory, so they need no ``HostSession``: other commands get through
/// between two slices.
public final class HostCores: CoreKeeper {
    public let client: ManagerClient<MachineConnection>
    private let lock: GuestLock
    /// Of the CPU that the guest has, so that a look at it costs one system call.
    private var hotplug: HotplugState?
    /// Called when the guest goes to a shared core (true) or to one of its own.
    public var modeChanges: ((Bool) -> Void)?

    /// Throws `environmentBusy` when another process serves the guest, `permissionDenied`, `noCommunicationArea`.
    public init(_ environment: UInt32) throws(ToolError) {
        lock = try GuestLock(environment)
        client = ManagerClient(try MachineConnection(CommunicationRange()))
    }

    public func launch(_ environment: UInt32, on core: Int) throws(ToolError) {
        try HostSession.run { client throws(ToolError) in
            try CoreLoan.launch(environment, on: core, client)
        }
        hotplug = HotplugState(core)
        modeChanges?(false)
    }

    public func takeBack(_ environment: UInt32) throws(ToolError) {
        hotplug = nil
        try HostSession.run { client throws(ToolError) in try CoreLoan.takeBack(environment, client) }
    }

    public func stayOnOneCore() throws(ToolError) {
        try client.connection.stayOnOneCore()
        modeChanges?(true)
    }
    public func useAnyCore() { client.connection.useAnyCore() }

    public func owner(of core: Int) -> CoreOwner {
        guard let hotplug, !hotplug.isOffline else { return .guest }
        return HostCore.isOnline(core) ? .host : .changing
    }
}

/// How far Linux has started a CPU.
private final class HotplugState {
    private let file: OpenFile?

    init(_ core: Int) {
        file = try? OpenFile("/sys/devices/system/cpu/cpu\(core)/hotplug/state", .readOnly)
    }

    /// Nothing of it is started: the state is 0. A kernel that does not tell is believed.
    var isOffline: Bool {
        guard let text = try? file?.readSome(2, at: 0), let first = text.first else { return true }
        return first == UInt8(ascii: "0")
    }
}

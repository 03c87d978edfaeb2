public import Diagnostics
public import GuestRunner
public import ManagerClient
internal import SICEABI

/// A Linux guest on a core of its own: it runs on while this process looks at its exchange page.
public final class ExchangeEntrance: GuestEntrance {
    private let client: ManagerClient<MachineConnection>
    private let environment: UInt32
    private let lock: GuestLock
    private let sliceIsOver: () -> Bool
    /// The newest exit was returned and waits for its answer.
    private var isOwed = false
    private var interruptPending = false

    /// For a guest that is launched before the first ``enter(input:interrupt:)``. `sliceIsOver` tells when the caller wants
    /// to be asked for an interrupt. Throws `environmentBusy` when another process serves the guest.
    public init(_ environment: UInt32, sliceIsOver: @escaping () -> Bool) throws(ToolError) {
        self.environment = environment
        self.sliceIsOver = sliceIsOver
        lock = try GuestLock(environment)
        client = ManagerClient(try MachineConnection(CommunicationRange()))
    }

    public func enter(input: UInt64, interrupt: UInt8?) throws(ToolError) -> Slice {
        let conversation = client.exchange(with: environment)
        if interrupt != nil { interruptPending = true }
        if isOwed {
            try conversation.answer(input, interrupt: interrupt)
        } else if let interrupt {
            try conversation.interrupt(interrupt)
        }
        isOwed = false
        var looks = 0
        while true {
            // In this order: the last exit of a core that left is there when one sees that it left.
            let hasLeft = conversation.hasLeft
            if let exit = try conversation.exit() {
                isOwed = true
                interruptPending = conversation.isEventPending
                return Slice(exit: exit, interruptPending: interruptPending)
            }
            guard !hasLeft else {
                throw ToolError(.wrongState, "environment \(environment) left its core")
            }
            // The guest goes on meanwhile; its console wants a look now and then.
            if sliceIsOver() || looks > Self.looksBetweenConsole {
                return Slice(exit: .hostInterrupt, interruptPending: interruptPending)
            }
            client.connection.pause(afterLooks: looks)
            looks += 1
        }
    }

    private static let looksBetweenConsole = 300
}

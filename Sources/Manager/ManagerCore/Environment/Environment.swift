import GuestPolicy
import SICEABI

/// One slot for an isolated environment: what the manager knows besides its pages and registers.
struct Environment: ~Copyable {
    /// Lifecycle (``SICEABI/LifecycleState``). ``transition(to:)`` alone writes it; only ``CommandRow`` says what is accepted when.
    private(set) var state = LifecycleState.absent
    var mode = ExecutionMode.timeSharing
    var kind = ImageKind.bareProgram
    /// How often the slot was used; part of the identifier, so that an old identifier names nobody.
    var generation: UInt32 = 0
    /// Core that runs it, while `running`.
    var core = CoreIndex(remainderOf: 0)
    var isDebug = false
    /// It waits in a yield for the host's word.
    var awaitsInput = false
    /// The word of that yield: the host gets it again when the mode changes meanwhile.
    var yieldedWord: UInt64 = 0
    /// Port read that a Linux guest waits in: port | width in bytes << 16; 0 for none.
    var pendingRead: UInt64 = 0
    /// A Linux guest's interrupt controllers, as far as the host leaves them to the manager.
    var controllers = ControllerShadow()
    /// A Linux guest's debug registers, as it sees them.
    var debug = DebugShadow()
    /// See ``EnvironmentRecordLayout/refusals``.
    var refusals: UInt16 = 0
    /// Its start is in the run-time log.
    var wasStarted = false
    var windowCount = 0
    /// Bit per window: the host gave its memory.
    var attachedWindows: UInt8 = 0

    var memory: PageAccount
    /// SMRAM copy of the image's header page.
    var header = PoolPage(index: 0)
    /// Level-4 nested page table.
    var tables = PoolPage(index: 0)
    /// Where loading or sealing goes on.
    var cursor = ImageCursor()

    var runs: UInt64 = 0
    var crashCode: UInt64 = 0
    var crashAddress: UInt64 = 0
    /// SHA-256 of the image; zero before it is sealed.
    var measurement = InlineArray<32, UInt8>(repeating: 0)
    /// What the workload wants in its reports.
    var workloadData = InlineArray<8, UInt64>(repeating: 0)

    init(slot: Slot) {
        memory = PageAccount(owner: PagePool.Owner.environment(slot))
    }

    /// Identifiers are never 0 and are not used again.
    static func identifier(slot: Slot, generation: UInt32) -> UInt32 {
        generation << 8 | UInt32(truncatingIfNeeded: slot.index)
    }

    /// The last generation that fits into an identifier; a slot that reached it stays empty.
    static let lastGeneration: UInt32 = 0xFF_FFFF

    /// Takes an edge of the lifecycle. False for a step that is none: the manager's tables contradict each other, and an
    /// environment of which nobody knows what it is must not run, so it is dead. A world switch takes two of them: inline.
    @inline(__always)
    mutating func transition(to next: LifecycleState) -> Bool {
        let isEdge = state.successors.contains(next)
        state = isEdge ? next : .dead
        return isEdge
    }

    /// Whether the slot holds an environment that a fault must kill.
    var isAlive: Bool {
        switch state {
        case .loading, .sealed, .runnable, .running: true
        case .absent, .dead, .scrubbing: false
        }
    }

    /// Whether every declared window has its memory.
    var hasAllWindows: Bool { attachedWindows.nonzeroBitCount == windowCount }

    func isAttached(_ window: Int) -> Bool {
        attachedWindows & (1 << UInt8(truncatingIfNeeded: window)) != 0
    }

    /// Ends the digest that loading went into.
    mutating func finishMeasurement(_ slot: Slot, machine: inout some DigestMachine & ~Copyable) {
        var digest = measurement.mutableSpan
        machine.finishDigest(.environment(slot), into: &digest)
    }

    /// Forgets the slot's previous user, but not its state.
    mutating func reset() {
        mode = .timeSharing
        kind = .bareProgram
        core = CoreIndex(remainderOf: 0)
        isDebug = false
        awaitsInput = false
        yieldedWord = 0
        pendingRead = 0
        controllers = ControllerShadow()
        debug = DebugShadow()
        refusals = 0
        wasStarted = false
        windowCount = 0
        attachedWindows = 0
        cursor = ImageCursor()
        runs = 0
        crashCode = 0
        crashAddress = 0
        measurement = .init(repeating: 0)
        workloadData = .init(repeating: 0)
    }
}

/// A place in an image's list of pages.
struct ImageCursor {
    var region = 0
    /// Page of the region that comes next.
    var page: UInt64 = 0
    /// Content pages that the host still has to give.
    var contentLeft: UInt64 = 0
    /// Zero pages that the image still has to get.
    var zeroLeft: UInt64 = 0
}

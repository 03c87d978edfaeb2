import IsolatedImage
public import SICEABI

/// The security manager's decisions: what a command may do, and what it does.
///
/// One value of fixed size serves all cores under one lock. It holds no instruction and no address that it did
/// not check; what has to touch the machine goes through a ``ManagerMachine``.
///
/// Every method is `mutating`, also those that only read: in a borrowing method the compiler copies the whole table of
/// environments to the stack before it looks at one of them, which neither the stack of a core nor the price of a
/// world switch has room for. Entry points: ``handle(_:on:machine:)``,
/// ``finish(_:on:registers:machine:)``, ``resume(_:on:machine:)`` and ``fail(machine:)``.
public struct Manager<Machine: ManagerMachine & ~Copyable>: ~Copyable {
    /// Which host memory commands may name.
    let hostMemory: HostMemoryMap
    /// ``CommunicationArea/requestWords``.
    let requestWords: HostRange
    /// The save state named the port at `install`, which certainly was a request: every later one must show the same.
    var requestNamesPort = false
    let coreCount: UInt32
    /// Local APIC identifiers in core order.
    let apicIdentifiers: InlineArray<8, UInt32>
    /// Bits of ``HandoffFlags``.
    let handoffFlags: UInt32
    /// What the payload found out about the platform.
    let findings: BootFindings

    var pool: PagePool
    var environments: SlotTable<Environment>
    /// Slot that each core runs. What a core that enters finds here tells whether it came out of the guest or was
    /// thrown out of SMM.
    var runningSlots = InlineArray<8, Slot?>(repeating: nil)
    /// Cores in multi-core mode, by core.
    var isolatedCores = InlineArray<8, IsolatedCore>(repeating: IsolatedCore())
    var log: RuntimeLog

    /// The boot commands are closed.
    var isLocked = false
    /// A fault happened; nothing but reading is answered (I8).
    var isFaulted = false
    var hasReportKey = false
    var publicKey = InlineArray<65, UInt8>(repeating: 0)
    /// SHA-256 of the public key's point.
    var keyIdentifier = InlineArray<32, UInt8>(repeating: 0)
    /// TPM randomness, until the report key is made.
    var entropy: InlineArray<64, UInt8>
    /// Random name of this boot in reports.
    var bootIdentifier = InlineArray<16, UInt8>(repeating: 0)
    let managerDigest: InlineArray<32, UInt8>
    /// NUL-padded version text of the manager image.
    let version: InlineArray<16, UInt8>
    /// Raw ``PostureValue`` per ``PostureClaim``, read back at the lock.
    var posture = PostureValues(repeating: PostureValue.unknown.rawValue)

    /// Takes over from the payload. `handoff` is the structure of ``HandoffLayout`` and `version` the 16 bytes of
    /// the manager image's header. Throws `notInstalled` when the handoff does not fit together.
    public init(
        handoff bytes: Span<UInt8>, version: Span<UInt8>, machine: inout Machine
    ) throws(ErrorCode) {
        let handoff = try Handoff(bytes)
        var pool = PagePool(base: handoff.poolBase, count: handoff.poolPages)
        var account = PageAccount(owner: PagePool.Owner.manager)
        guard version.count >= 16, handoff.poolPages > 2 else { throw .notInstalled }
        try pool.reserve(2, for: &account)
        log = RuntimeLog(
            first: try pool.take(for: &account, machine: &machine),
            second: try pool.take(for: &account, machine: &machine))
        self.pool = pool
        hostMemory = handoff.hostMemory
        requestWords = handoff.requestWords
        coreCount = handoff.coreCount
        apicIdentifiers = handoff.apicIdentifiers
        handoffFlags = handoff.flags
        findings = handoff.findings
        managerDigest = handoff.managerDigest
        entropy = handoff.entropy
        self.version = InlineArray { index in version[index] }
        environments = SlotTable { slot in Environment(slot: slot) }
    }

    /// The slot of the environment that an identifier names. Throws `noSuchEnvironment`, also for identifiers of
    /// environments that are gone.
    mutating func slot(of identifier: UInt64) throws(ErrorCode) -> Slot {
        guard let slot = Slot(identifier & 0xFF), environments[slot].state != .absent,
            UInt64(self.identifier(of: slot)) == identifier
        else { throw .noSuchEnvironment }
        return slot
    }

    /// Takes an edge of the lifecycle that the command's row allows. Throws `managerFault` if it is none (I8).
    @inline(__always)
    mutating func advance(_ slot: Slot, to state: LifecycleState) throws(ErrorCode) {
        guard environments[slot].transition(to: state) else { throw .managerFault }
    }

    /// The identifier of the environment in a slot.
    mutating func identifier(of slot: Slot) -> UInt32 {
        Environment.identifier(slot: slot, generation: environments[slot].generation)
    }
}

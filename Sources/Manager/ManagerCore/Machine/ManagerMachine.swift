public import GuestPolicy
public import SICEABI

/// Everything that the security manager's logic asks of the machine.
///
/// The entry code of each core does, for every SMI:
/// ```
/// take the lock (a core that already holds it was thrown out of SMM inside a command: call Manager.fail)
/// var step = manager.handle(&registers, on: core, machine: &machine)
/// while step is not .resumeHost {
///     .enterGuest(slot), .enterIsolated(slot):
///         release the lock; enter the virtual CPU of slot; decode the exit; take the lock
///         step = manager.finish(exit, on: core, registers: &registers, machine: &machine)
///     .awaitAnswer(exchange):
///         release the lock; answer = exchange.wait(machine: &machine); take the lock
///         step = manager.resume(answer, on: core, machine: &machine)
/// }
/// release the lock; write registers back; RSM
/// ```
/// and, from its fault handlers, `manager.fail(machine: &machine)`.
///
/// `Manager` decides; a machine only carries out. The real one (`SecurityManager`) is a value without state of its own
/// whose methods act on SMRAM, so each core may make one; tests use a simulated one. Except where a method says
/// otherwise the caller holds the manager's lock. No method may trap on any argument that a `Manager` can pass:
/// pages are inside the pool, ranges are checked, a ``Slot`` or ``CoreIndex`` is one that there is.
public protocol ManagerMachine: PoolMachine, HostMemoryMachine, DigestMachine, KeyMachine, GuestMachine,
    PostureMachine, CoreMachine, ~Copyable
{}

/// Access to the page pool in SMRAM and to the metadata that says who owns each page.
public protocol PoolMachine: ~Copyable {
    /// The 64-bit word at `index` (0…511) of a page.
    func word(_ index: Int, of page: PoolPage) -> UInt64
    /// Stores a word. Used for nested page tables: one aligned 64-bit store.
    mutating func setWord(_ index: Int, of page: PoolPage, to value: UInt64)
    /// Fills a page with zeros.
    mutating func zero(_ page: PoolPage)
    /// The 4096 bytes of a page.
    @_lifetime(borrow self)
    func bytes(of page: PoolPage) -> Span<UInt8>
    /// Stores bytes inside one page; `offset + source.count` is at most 4096.
    mutating func store(_ source: Span<UInt8>, at offset: Int, of page: PoolPage)

    /// Metadata of a page: one byte of owner and four bytes of list link, at most five bytes a page.
    func owner(of page: PoolPage) -> UInt8
    func link(of page: PoolPage) -> UInt32
    mutating func setOwner(of page: PoolPage, to owner: UInt8)
    mutating func setLink(of page: PoolPage, to link: UInt32)
}

/// Copies between the legacy host's memory and SMRAM. A ``HostRange`` is the proof that the addresses were
/// checked (invariant I1). Host memory may change at any moment: each byte is read exactly once.
public protocol HostMemoryMachine: ~Copyable {
    /// Copies `range.count` bytes into the start of `target`, which is at least that long.
    mutating func copy(_ range: HostRange, into target: inout MutableSpan<UInt8>)
    /// Copies one host page (`page.count` is 4096, aligned) into a pool page.
    mutating func copyPage(_ page: HostRange, into target: PoolPage)
    /// Copies `source` to the host; `range.count` equals `source.count`. The range may cross pages.
    mutating func copy(_ source: Span<UInt8>, to range: HostRange)
    /// Sets the aligned 64-bit word at `place` (`place.count` is 8) to 0 if it equals `word`, in one atomic step; whether
    /// it did. A word that is another one stays, or somebody who knows none could spoil those of others.
    mutating func take(_ word: UInt64, at place: HostRange) -> Bool
    /// Reads the aligned 32-bit word at `place` (`place.count` is 4) in one access.
    mutating func readWord(at place: HostRange) -> UInt32
    /// Writes it in one access: nobody sees half of it.
    mutating func writeWord(_ word: UInt32, at place: HostRange)
}

/// SHA-256 with the state kept by the machine, so that hashing an image can go on over many SMIs.
/// There are ``DigestSlot/count`` independent states.
public protocol DigestMachine: ~Copyable {
    mutating func beginDigest(_ slot: DigestSlot)
    mutating func updateDigest(_ slot: DigestSlot, with bytes: Span<UInt8>)
    /// Adds a whole pool page: what is hashed is what the guest will get, never the host's copy.
    mutating func updateDigest(_ slot: DigestSlot, with page: PoolPage)
    /// Writes 32 bytes to the start of `digest` and ends the state.
    mutating func finishDigest(_ slot: DigestSlot, into digest: inout MutableSpan<UInt8>)
}

/// Randomness and the report key, which never leaves the machine's key storage.
public protocol KeyMachine: ~Copyable {
    /// Fills `target`. Throws `noEntropy` when the generator failed a bounded number of times.
    mutating func random(into target: inout MutableSpan<UInt8>) throws(ErrorCode)
    /// Makes the P-256 report key from the machine's randomness and `entropy` (64 bytes of the TPM's) and writes
    /// the uncompressed public point (65 bytes). Throws `noEntropy`.
    mutating func makeReportKey(
        entropy: Span<UInt8>, publicKey: inout MutableSpan<UInt8>
    ) throws(ErrorCode)
    /// Signs a SHA-256 digest (32 bytes); writes r ‖ s (64 bytes). Throws `noReportKey`.
    mutating func sign(
        digest: Span<UInt8>, signature: inout MutableSpan<UInt8>
    ) throws(ErrorCode)
    /// Overwrites the key. Must work at any moment, also inside a fault (invariant I8).
    mutating func destroyReportKey()
}

/// One virtual CPU per environment slot. Entering it is not here: the entry code does that between
/// ``Manager/handle(_:on:machine:)`` and ``Manager/finish(_:on:registers:machine:)`` without holding the lock.
public protocol GuestMachine: ~Copyable {
    /// Makes a fresh virtual CPU in 64-bit mode: general, vector and debug registers zero, interrupts off, TLB
    /// entries of the slot's previous user gone. `nestedRoot` is the level-4 nested page table.
    mutating func prepareGuest(_ slot: Slot, _ start: GuestEntry, nestedRoot: PoolPage)
    /// Overwrites everything that is kept of a slot's virtual CPU, vector registers included.
    mutating func clearGuest(_ slot: Slot)
    func register(_ register: GuestRegister, of slot: Slot) -> UInt64
    mutating func setRegister(_ register: GuestRegister, of slot: Slot, to value: UInt64)
    /// Moves the guest's RIP past the VMMCALL that it stopped at (3 bytes; QEMU's SVM saves no next RIP).
    mutating func skipCall(of slot: Slot)

    // What only Linux guests need.

    /// Moves the guest's RIP on by the length of the instruction that it stopped at, out of any interrupt shadow.
    mutating func skipInstruction(of slot: Slot, length: UInt64)
    /// The privilege level that the guest runs at, 0…3.
    func cpl(of slot: Slot) -> UInt8
    /// Whether it takes interrupts: RFLAGS.IF.
    func takesInterrupts(_ slot: Slot) -> Bool
    /// Whether an interrupt waits to be taken.
    func hasPendingInterrupt(_ slot: Slot) -> Bool
    /// Gives it an interrupt, which it takes as soon as it takes any.
    mutating func offerInterrupt(_ vector: UInt8, to slot: Slot)
    /// Raises an exception at the instruction that it stopped at.
    mutating func raise(_ exception: GuestException, in slot: Slot)
    /// EFER, with all its bits.
    func efer(of slot: Slot) -> UInt64
    mutating func setEFER(of slot: Slot, to value: UInt64)
    /// How it runs: what reading its instructions needs.
    func execution(of slot: Slot) -> GuestExecution
    /// DR6, which the CPU sets for the guest when an instruction was stepped.
    func dr6(of slot: Slot) -> UInt64
    mutating func setDR6(of slot: Slot, to value: UInt64)
    /// What the hardware's CPUID says.
    func cpuid(leaf: UInt32, subleaf: UInt32) -> CPUIDAnswer
}

/// Reads protections back from the machine; it claims nothing that it did not see.
public protocol PostureMachine: ~Copyable {
    /// Asked at `LOCK`, and for `apicWindowClear` again at each report. Claims that only the payload can make
    /// (``PostureClaim/measuredBoot``, ``PostureClaim/platformHierarchyClosed``,
    /// ``PostureClaim/noInsecureOption``, ``PostureClaim/corebootFirmware``, and what it tried out,
    /// ``PostureClaim/isFoundAtBoot``) come from the handoff, and ``PostureClaim/requestNamesPort`` is the manager's
    /// own experiment; those are not asked.
    mutating func posture(_ claim: PostureClaim) -> PostureValue
}

/// A way to make another core stop.
public enum CoreSignal: Equatable, Sendable {
    /// An SMI: brings a core of the host into SMM.
    case systemManagement
    /// An NMI, which a core in multi-core mode takes: it ends the guest's slice, or the core's sleep.
    case nonMaskable
}

/// Signals between cores, for multi-core mode. Each core has an attention flag, which a signal raises first, so that
/// no signal is lost whatever the core does just then.
public protocol CoreMachine: ~Copyable {
    /// Raises the attention flag of `core` and sends it a signal through this core's local APIC; `identifier` is the
    /// other's. Throws `coreUnreachable` as ``LocalAPICAccess`` does.
    mutating func signal(_ core: CoreIndex, identifier: UInt32, _ signal: CoreSignal) throws(ErrorCode)
    /// Whether this core's attention flag was up; it is down afterwards. Needs no lock.
    mutating func takeAttention() -> Bool
    /// A moment between two looks at memory. Needs no lock.
    mutating func pause()
    /// Halts this core until the next ``CoreSignal/nonMaskable``; one that came since its last slice or sleep counts.
    /// Needs no lock.
    mutating func sleepUntilSignal()
}

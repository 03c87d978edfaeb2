public import GuestPolicy
public import ManagerCore
import SHA2
public import SICEABI

/// A machine made of arrays. It checks what a real one cannot: every access to host memory lies in RAM and never in
/// SMRAM, and every page index lies inside the pool; a wrong one ends the process, as it would be a hole.
public struct SimulatedMachine: ManagerMachine {
    /// Pool contents. Full of old bytes at first, as after a warm reset.
    public var pool: [UInt8]
    public var owners: [UInt8]
    public var links: [UInt32]
    /// Host memory of ``MachineLayout/hostRanges``, one array each.
    public var host: [[UInt8]]
    /// Ranges that were read from the host, in order.
    public var reads: [HostRange] = []
    /// Guests by slot; nil when cleared.
    public var guests: [SimulatedGuest?]
    public var postures: [PostureClaim: PostureValue] = [
        .tsegEnabled: .present, .smramLocked: .present, .smramClosed: .present, .apicWindowClear: .present,
    ]
    /// Whether the generator of randomness works.
    public var hasEntropy = true
    public var hasKey = false
    /// Signals that were sent to other cores, in order.
    public var signals: [SentSignal] = []
    public var canSignal = true
    /// Raised attention flags, by core.
    public var attention = [Bool](repeating: false, count: ABI.maximumCores)
    /// The core that ``CoreMachine`` methods without a core number mean.
    public var thisCore = 0
    public var sleeps = 0
    /// Called when a core pauses or sleeps, to let the host do something meanwhile.
    public var whileWaiting: ((inout SimulatedMachine) -> Void)?
    /// Called after each page copied from the host, to change memory under the manager's hands.
    public var afterCopy: ((inout [[UInt8]]) -> Void)?

    private var digests: [SHA256?]
    private var seed: UInt64

    public init(poolPages: Int, seed: UInt64 = 1) {
        pool = Array(repeating: 0xA5, count: poolPages * 4096)
        owners = Array(repeating: 0, count: poolPages)
        links = Array(repeating: 0, count: poolPages)
        host = MachineLayout.hostRanges.map { Array(repeating: 0, count: Int($0.count)) }
        guests = Array(repeating: nil, count: ABI.maximumEnvironments)
        digests = Array(repeating: nil, count: DigestSlot.count)
        self.seed = seed
    }
}

/// A virtual CPU as far as the manager sees it.
public struct SimulatedGuest {
    public var start: GuestEntry
    public var nestedRoot: PoolPage
    public var registers: [GuestRegister: UInt64] = [:]
    /// VMMCALLs that were stepped over.
    public var skipped = 0
    /// Bytes of other instructions that were stepped over.
    public var skippedBytes: UInt64 = 0
    public var cpl: UInt8 = 0
    public var takesInterrupts = false
    public var pendingInterrupt: UInt8?
    public var exceptions: [GuestException] = []
    public var efer: UInt64 = 0x1D00
    /// 64-bit code of the sample image's kernel; its page tables are where a test puts them.
    public var execution = GuestExecution(
        rip: 0x20_0000, cr0: 0x8001_0033, cr3: 0x4000, cr4: 0x620, efer: 0x1D00,
        codeAttributes: 0xA9B)
    public var dr6: UInt64 = 0xFFFF_0FF0
}

extension SimulatedMachine {
    private func start(_ page: PoolPage) -> Int { Int(page.index) * 4096 }

    public func word(_ index: Int, of page: PoolPage) -> UInt64 {
        precondition(index >= 0 && index < 512)
        return unsafe pool.withUnsafeBytes {
            unsafe $0.loadUnaligned(fromByteOffset: start(page) + index * 8, as: UInt64.self)
        }
    }

    public mutating func setWord(_ index: Int, of page: PoolPage, to value: UInt64) {
        precondition(0..<512 ~= index)
        for byte in 0..<8 {
            pool[start(page) + index * 8 + byte] = UInt8(truncatingIfNeeded: value >> UInt64(byte * 8))
        }
    }

    public mutating func zero(_ page: PoolPage) {
        let start = start(page)
        pool.replaceSubrange(start..<start + 4096, with: repeatElement(0, count: 4096))
    }

    @_lifetime(borrow self)
    public func bytes(of page: PoolPage) -> Span<UInt8> {
        pool.span.extracting(start(page)..<start(page) + 4096)
    }

    public mutating func store(_ source: Span<UInt8>, at offset: Int, of page: PoolPage) {
        precondition(offset >= 0 && offset + source.count <= 4096)
        for index in 0..<source.count { pool[start(page) + offset + index] = source[index] }
    }

    public func owner(of page: PoolPage) -> UInt8 { owners[Int(page.index)] }
    public func link(of page: PoolPage) -> UInt32 { links[Int(page.index)] }
    public mutating func setOwner(of page: PoolPage, to owner: UInt8) { owners[Int(page.index)] = owner }
    public mutating func setLink(of page: PoolPage, to link: UInt32) { links[Int(page.index)] = link }
}

extension SimulatedMachine {
    /// Where a host range lies in ``host``; ends the process when it is not host RAM.
    public static func place(_ address: UInt64, _ count: UInt64) -> (range: Int, offset: Int) {
        for (index, range) in MachineLayout.hostRanges.enumerated()
        where address >= range.base && address + count <= range.base + range.count {
            return (index, Int(address - range.base))
        }
        fatalError("access outside host RAM: \(address), \(count) bytes")
    }

    public mutating func copy(_ range: HostRange, into target: inout MutableSpan<UInt8>) {
        let place = Self.place(range.address, range.count)
        reads.append(range)
        for index in 0..<Int(range.count) { target[index] = host[place.range][place.offset + index] }
    }

    public mutating func copyPage(_ page: HostRange, into target: PoolPage) {
        precondition(page.count == 4096 && page.address % 4096 == 0)
        let place = Self.place(page.address, page.count)
        reads.append(page)
        let source = host[place.range][place.offset..<place.offset + 4096]
        pool.replaceSubrange(start(target)..<start(target) + 4096, with: source)
        afterCopy?(&host)
    }

    public mutating func copy(_ source: Span<UInt8>, to range: HostRange) {
        precondition(source.count == Int(range.count))
        let place = Self.place(range.address, range.count)
        for index in 0..<source.count { host[place.range][place.offset + index] = source[index] }
    }

    public mutating func readWord(at range: HostRange) -> UInt32 {
        precondition(range.count == 4 && range.address % 4 == 0)
        let place = Self.place(range.address, 4)
        reads.append(range)
        return host[place.range][place.offset..<place.offset + 4].reversed()
            .reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }

    public mutating func writeWord(_ word: UInt32, at range: HostRange) {
        precondition(range.count == 4 && range.address % 4 == 0)
        let place = Self.place(range.address, 4)
        for index in 0..<4 {
            host[place.range][place.offset + index] = UInt8(truncatingIfNeeded: word >> (8 * index))
        }
    }

    public mutating func take(_ word: UInt64, at range: HostRange) -> Bool {
        precondition(range.count == 8 && range.address % 8 == 0)
        let place = Self.place(range.address, 8)
        let bytes = place.offset..<place.offset + 8
        let found = host[place.range][bytes].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard found == word else { return false }
        host[place.range].replaceSubrange(bytes, with: repeatElement(0, count: 8))
        return true
    }
}

extension SimulatedMachine {
    public mutating func beginDigest(_ slot: DigestSlot) { digests[slot.index] = SHA256() }

    public mutating func updateDigest(_ slot: DigestSlot, with bytes: Span<UInt8>) {
        digests[slot.index]!.update(bytes)
    }

    public mutating func updateDigest(_ slot: DigestSlot, with page: PoolPage) {
        let bytes = Array(pool[start(page)..<start(page) + 4096])
        digests[slot.index]!.update(bytes.span)
    }

    public mutating func finishDigest(_ slot: DigestSlot, into digest: inout MutableSpan<UInt8>) {
        let value = digests[slot.index]!.finish()
        digests[slot.index] = nil
        for index in 0..<32 { digest[index] = value[index] }
    }

    public mutating func random(into target: inout MutableSpan<UInt8>) throws(ErrorCode) {
        guard hasEntropy else { throw .noEntropy }
        for index in 0..<target.count {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            target[index] = UInt8(truncatingIfNeeded: seed >> 33)
        }
    }

    public mutating func makeReportKey(
        entropy: Span<UInt8>, publicKey: inout MutableSpan<UInt8>
    ) throws(ErrorCode) {
        precondition(entropy.count == 64)
        try random(into: &publicKey)
        publicKey[0] = 4
        hasKey = true
    }

    /// Not a signature, but a function of the digest: tests check what is signed; the real machine's own tests
    /// check how.
    public mutating func sign(
        digest: Span<UInt8>, signature: inout MutableSpan<UInt8>
    ) throws(ErrorCode) {
        guard hasKey else { throw .noReportKey }
        for index in 0..<64 { signature[index] = digest[index % 32] ^ UInt8(index) }
    }

    public mutating func destroyReportKey() { hasKey = false }
}

extension SimulatedMachine {
    public mutating func prepareGuest(
        _ slot: Slot, _ start: GuestEntry, nestedRoot: PoolPage
    ) {
        guests[slot.index] = SimulatedGuest(start: start, nestedRoot: nestedRoot)
    }

    public mutating func clearGuest(_ slot: Slot) { guests[slot.index] = nil }

    public func register(_ register: GuestRegister, of slot: Slot) -> UInt64 {
        guests[slot.index]!.registers[register] ?? 0
    }

    public mutating func setRegister(_ register: GuestRegister, of slot: Slot, to value: UInt64) {
        guests[slot.index]!.registers[register] = value
    }

    public mutating func skipCall(of slot: Slot) { guests[slot.index]!.skipped += 1 }

    public mutating func skipInstruction(of slot: Slot, length: UInt64) {
        guests[slot.index]!.skippedBytes += length
    }

    public func cpl(of slot: Slot) -> UInt8 { guests[slot.index]!.cpl }
    public func takesInterrupts(_ slot: Slot) -> Bool { guests[slot.index]!.takesInterrupts }
    public func hasPendingInterrupt(_ slot: Slot) -> Bool { guests[slot.index]!.pendingInterrupt != nil }

    public mutating func offerInterrupt(_ vector: UInt8, to slot: Slot) {
        precondition(guests[slot.index]!.pendingInterrupt == nil)
        guests[slot.index]!.pendingInterrupt = vector
    }

    public mutating func raise(_ exception: GuestException, in slot: Slot) {
        guests[slot.index]!.exceptions.append(exception)
    }

    public func efer(of slot: Slot) -> UInt64 { guests[slot.index]!.efer }
    public mutating func setEFER(of slot: Slot, to value: UInt64) { guests[slot.index]!.efer = value }

    public func execution(of slot: Slot) -> GuestExecution { guests[slot.index]!.execution }
    public func dr6(of slot: Slot) -> UInt64 { guests[slot.index]!.dr6 }
    public mutating func setDR6(of slot: Slot, to value: UInt64) {
        guests[slot.index]!.dr6 = value
    }

    /// A CPU that has everything.
    public func cpuid(leaf: UInt32, subleaf: UInt32) -> CPUIDAnswer {
        CPUIDAnswer(eax: .max, ebx: .max, ecx: .max, edx: .max)
    }

    public mutating func posture(_ claim: PostureClaim) -> PostureValue { postures[claim] ?? .unknown }
}

/// A signal as the other core would get it.
public struct SentSignal: Equatable, Sendable {
    public var core: Int
    public var identifier: UInt32
    public var signal: CoreSignal

    public init(_ core: Int, _ signal: CoreSignal) {
        self.core = core
        identifier = MachineLayout.apicIdentifier(core)
        self.signal = signal
    }
}

extension SimulatedMachine {
    public mutating func signal(
        _ core: CoreIndex, identifier: UInt32, _ signal: CoreSignal
    ) throws(ErrorCode) {
        guard canSignal else { throw .coreUnreachable }
        attention[core.index] = true
        precondition(identifier == MachineLayout.apicIdentifier(core.index))
        signals.append(SentSignal(core.index, signal))
    }

    public mutating func takeAttention() -> Bool {
        defer { attention[thisCore] = false }
        return attention[thisCore]
    }

    public mutating func pause() { whileWaiting?(&self) }

    public mutating func sleepUntilSignal() {
        sleeps += 1
        whileWaiting?(&self)
    }
}

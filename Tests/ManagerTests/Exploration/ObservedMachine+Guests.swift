import GuestPolicy
import ManagerCore
import SICEABI
import Simulation

extension ObservedMachine {
    mutating func beginDigest(_ slot: DigestSlot) {
        onlooker?.look(at: self)
        base.beginDigest(slot)
    }

    mutating func updateDigest(_ slot: DigestSlot, with bytes: Span<UInt8>) {
        base.updateDigest(slot, with: bytes)
    }

    mutating func updateDigest(_ slot: DigestSlot, with page: PoolPage) {
        seen.pageWork += 1
        base.updateDigest(slot, with: page)
        // The environment runs other bytes than those that were hashed.
        if defect == .runsOtherBytes { base.pool[Int(page.index) * 4096 + 2048] ^= 1 }
    }

    mutating func finishDigest(_ slot: DigestSlot, into digest: inout MutableSpan<UInt8>) {
        base.finishDigest(slot, into: &digest)
    }

    mutating func random(into target: inout MutableSpan<UInt8>) throws(ErrorCode) {
        onlooker?.look(at: self)
        try base.random(into: &target)
    }

    mutating func makeReportKey(
        entropy: Span<UInt8>, publicKey: inout MutableSpan<UInt8>
    ) throws(ErrorCode) {
        onlooker?.look(at: self)
        try base.makeReportKey(entropy: entropy, publicKey: &publicKey)
    }

    mutating func sign(digest: Span<UInt8>, signature: inout MutableSpan<UInt8>) throws(ErrorCode) {
        try base.sign(digest: digest, signature: &signature)
    }

    mutating func destroyReportKey() {
        onlooker?.look(at: self)
        if defect != .keyOutlivesFault { base.destroyReportKey() }
    }
}

extension ObservedMachine {
    mutating func prepareGuest(_ slot: Slot, _ start: GuestEntry, nestedRoot: PoolPage) {
        onlooker?.look(at: self)
        base.prepareGuest(slot, start, nestedRoot: nestedRoot)
    }

    mutating func clearGuest(_ slot: Slot) {
        onlooker?.look(at: self)
        if defect != .registersOutliveGuest { base.clearGuest(slot) }
    }

    func register(_ register: GuestRegister, of slot: Slot) -> UInt64 { base.register(register, of: slot) }

    mutating func setRegister(_ register: GuestRegister, of slot: Slot, to value: UInt64) {
        base.setRegister(register, of: slot, to: value)
    }

    mutating func skipCall(of slot: Slot) { base.skipCall(of: slot) }

    mutating func skipInstruction(of slot: Slot, length: UInt64) {
        base.skipInstruction(of: slot, length: length)
    }

    func cpl(of slot: Slot) -> UInt8 { base.cpl(of: slot) }
    func takesInterrupts(_ slot: Slot) -> Bool { base.takesInterrupts(slot) }
    func hasPendingInterrupt(_ slot: Slot) -> Bool { base.hasPendingInterrupt(slot) }
    mutating func offerInterrupt(_ vector: UInt8, to slot: Slot) { base.offerInterrupt(vector, to: slot) }
    mutating func raise(_ exception: GuestException, in slot: Slot) { base.raise(exception, in: slot) }
    func efer(of slot: Slot) -> UInt64 { base.efer(of: slot) }
    mutating func setEFER(of slot: Slot, to value: UInt64) { base.setEFER(of: slot, to: value) }
    func execution(of slot: Slot) -> GuestExecution { base.execution(of: slot) }
    func dr6(of slot: Slot) -> UInt64 { base.dr6(of: slot) }
    mutating func setDR6(of slot: Slot, to value: UInt64) { base.setDR6(of: slot, to: value) }
    func cpuid(leaf: UInt32, subleaf: UInt32) -> CPUIDAnswer { base.cpuid(leaf: leaf, subleaf: subleaf) }
    mutating func posture(_ claim: PostureClaim) -> PostureValue { base.posture(claim) }
}

extension ObservedMachine {
    /// As the real machine: what the local APIC's base register allows.
    mutating func signal(_ core: CoreIndex, identifier: UInt32, _ signal: CoreSignal) throws(ErrorCode) {
        if defect != .signalsThroughMovedWindow { _ = try LocalAPICAccess(baseRegister: apicBase) }
        onlooker?.look(at: self)
        seen.signals += 1
        try base.signal(core, identifier: identifier, signal)
    }

    mutating func takeAttention() -> Bool { base.takeAttention() }
    mutating func pause() { base.pause() }
    mutating func sleepUntilSignal() { base.sleepUntilSignal() }
}

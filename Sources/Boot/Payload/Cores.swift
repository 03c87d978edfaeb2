internal import CMachine
internal import CPayload
internal import CorebootFormats
internal import Firmware
internal import SICEABI

/// The machine's cores: the one that boots is number 0, the others are numbered as they arrive.
///
/// The pauses that their start needs are long, so the boot works through them: ``interrupt(park:clock:)``, other work,
/// ``start(expected:)``, other work, ``settle()``.
struct Cores {
    private(set) var count = 1
    private let park: UInt64
    private let clock: Clock
    /// When the last interrupt was sent.
    private var sent: UInt32
    /// Local APIC identifiers in core order.
    private(set) var identifiers = InlineArray<8, UInt32>(repeating: 0)

    /// Stops every other core (INIT) and puts the code in place that leaves them halted in the page at `park`, which
    /// stays reserved for ever: an SMI returns there.
    static func interrupt(park: UInt64, clock: Clock) -> Cores {
        LocalAPIC.prepare()
        copyMemory(from: LowMemory.wakePage, to: WorkMemory.saved.base, count: ABI.pageSize)
        placeCode(park: park)
        LocalAPIC.sendInit()
        return Cores(park: park, clock: clock)
    }

    private init(park: UInt64, clock: Clock) {
        self.park = park
        self.clock = clock
        sent = clock.now
        identifiers[0] = LocalAPIC.identifier
    }

    /// Wakes them: SIPI 10 ms after INIT, another one 200 µs later (Intel SDM vol. 3A, 9.4.4.1); waits until all
    /// are there, at most 10 seconds. Throws `bootTooManyCores`; `bootCoreLost` when other cores came than
    /// `expected`, since a core that nobody relocated would run its SMIs from memory that the legacy host can write.
    mutating func start(expected: Int) throws(ErrorCode) {
        guard expected >= 1 else { throw .bootNoACPI }
        guard expected <= ABI.maximumCores else { throw .bootTooManyCores }
        clock.wait(microseconds: 10_000, since: sent)
        LocalAPIC.sendStartup(page: LowMemory.wakePage)
        clock.wait(microseconds: 200)
        LocalAPIC.sendStartup(page: LowMemory.wakePage)
        let ready = park + UInt64(SICE_PARK_READY)
        _ = clock.wait(milliseconds: 10_000, until: ready, equals: UInt32(expected - 1))
        sent = clock.now
        count = expected
        try checkArrivals()
        for index in 1..<8 where index < expected {
            identifiers[index] = sice_read32(park + UInt64(SICE_PARK_IDENTIFIERS) + UInt64(index - 1) * 4)
        }
    }

    /// 20 ms after the start, a core that nobody listed would have come. Throws as ``start(expected:)`` does; gives
    /// back the page that the cores woke in.
    func settle() throws(ErrorCode) {
        clock.wait(microseconds: 20_000, since: sent)
        try checkArrivals()
        copyMemory(from: WorkMemory.saved.base, to: LowMemory.wakePage, count: ABI.pageSize)
    }

    private func checkArrivals() throws(ErrorCode) {
        let arrived = sice_read32(park + UInt64(SICE_PARK_ARRIVED))
        let ready = sice_read32(park + UInt64(SICE_PARK_READY))
        guard arrived < UInt32(ABI.maximumCores) else { throw .bootTooManyCores }
        guard arrived == UInt32(count - 1), ready == arrived else { throw .bootCoreLost }
    }

    /// Whether a parked core executes outside SMM, after at most 10 seconds.
    func isExecuting(_ core: Int, clock: Clock) -> Bool {
        let heartbeat = park + UInt64(SICE_PARK_HEARTBEATS) + UInt64(core - 1) * 4
        let before = sice_read32(heartbeat)
        for _ in 0..<1_000_000 {
            if sice_read32(heartbeat) != before { return true }
            clock.wait(microseconds: 10)
        }
        return false
    }

    /// Starts a core again that took an INIT. Returns false when it had not taken any and executes on. Throws
    /// `bootCoreLost` when it does neither.
    func restart(_ core: Int) throws(ErrorCode) -> Bool {
        let ready = park + UInt64(SICE_PARK_READY)
        // It counts itself again, at its old place, which is the last one; a core that nobody listed would still show.
        sice_decrement(park + UInt64(SICE_PARK_ARRIVED))
        sice_decrement(ready)
        // A start-up interrupt that finds it in SMM, before an INIT that was held strikes, is lost; one that finds it executing has
        // no effect.
        for _ in 0..<20 {
            LocalAPIC.sendStartup(page: LowMemory.wakePage, to: identifiers[core])
            if clock.wait(milliseconds: 50, until: ready, equals: UInt32(count - 1)) { return true }
        }
        sice_increment(park + UInt64(SICE_PARK_ARRIVED))
        sice_increment(ready)
        guard isExecuting(core, clock: clock) else { throw .bootCoreLost }
        return false
    }

    /// Makes the other cores load FPU environments, or stop it.
    func restoreFPU(_ isWanted: Bool) {
        sice_write32(park + UInt64(SICE_PARK_ENVIRONMENT), 0x037F)
        sice_write32(park + UInt64(SICE_PARK_ENVIRONMENT) + 8, 0xFFFF)
        sice_write32(park + UInt64(SICE_PARK_RESTORE), isWanted ? 1 : 0)
    }

    /// Lets the other cores halt.
    func release() { sice_write32(park + UInt64(SICE_PARK_RELEASE), 1) }

    private static func placeCode(park: UInt64) {
        let parking = sice_park_code()
        sice_clear_words(park, ABI.pageSize / 8)
        copyMemory(from: parking.address, to: park, count: parking.size)
        let wake = sice_wake_code()
        copyMemory(from: wake.address, to: LowMemory.wakePage, count: wake.size)
        let page = UInt32(truncatingIfNeeded: park)
        sice_write32(LowMemory.wakePage + UInt64(SICE_WAKE_PARK_PAGE), page)
        sice_write32(LowMemory.wakePage + UInt64(SICE_WAKE_TABLE), page + UInt32(SICE_PARK_TABLE))
    }
}

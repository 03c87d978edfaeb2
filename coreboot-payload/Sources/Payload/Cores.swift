internal import CMachine
internal import CPayload
internal import CorebootFormats
internal import Firmware
internal import SICEABI

/// The machine's cores: the one that boots is number 0, the others are numbered as they arrive.
struct Cores {
    private(set) var count = 1
    private let park: UInt64
    /// Local APIC identifiers in core order.
    private(set) var identifiers = InlineArray<8, UInt32>(repeating: 0)

    /// Wakes every other core and leaves it halted in the page at `park`, which stays reserved for ever: an SMI
    /// returns there. Throws `bootTooManyCores`; `bootCoreLost` when other cores came than `expected`, since a
    /// core that nobody relocated would run its SMIs from memory that the legacy host can write.
    init(expected: Int, park: UInt64, clock: Clock) throws(ErrorCode) {
        self.park = park
        identifiers[0] = LocalAPIC.identifier
        guard expected >= 1 else { throw .bootNoACPI }
        guard expected <= ABI.maximumCores else { throw .bootTooManyCores }
        Self.wake(expected - 1, park: park, clock: clock)
        let arrived = sice_read32(park + UInt64(SICE_PARK_ARRIVED))
        let ready = sice_read32(park + UInt64(SICE_PARK_READY))
        guard arrived < UInt32(ABI.maximumCores) else { throw .bootTooManyCores }
        guard arrived == UInt32(expected - 1), ready == arrived else { throw .bootCoreLost }
        count = expected
        for index in 1..<8 where index < expected {
            identifiers[index] = sice_read32(park + UInt64(SICE_PARK_IDENTIFIERS) + UInt64(index - 1) * 4)
        }
    }

    /// INIT, SIPI, SIPI (Intel SDM vol. 3A, 9.4.4.1), then waits for `others` cores, at most 10 seconds.
    private static func wake(_ others: Int, park: UInt64, clock: Clock) {
        let saved = WorkMemory.saved.base
        copyMemory(from: LowMemory.wakePage, to: saved, count: ABI.pageSize)
        placeCode(park: park)
        LocalAPIC.sendInit()
        clock.wait(microseconds: 10_000)
        LocalAPIC.sendStartup(page: LowMemory.wakePage)
        clock.wait(microseconds: 200)
        LocalAPIC.sendStartup(page: LowMemory.wakePage)
        let ready = park + UInt64(SICE_PARK_READY)
        _ = clock.wait(milliseconds: 10_000, until: ready, equals: UInt32(others))
        clock.wait(microseconds: 20_000)  // a core that nobody listed would come now
        copyMemory(from: saved, to: LowMemory.wakePage, count: ABI.pageSize)
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

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
        guard expected <= ABI.maximumCores else { throw .bootTooManyCores }
        let saved = WorkMemory.saved.base
        copyMemory(from: LowMemory.wakePage, to: saved, count: ABI.pageSize)
        Self.placeCode(park: park)
        LocalAPIC.sendInit()
        clock.wait(microseconds: 10_000)
        LocalAPIC.sendStartup(page: LowMemory.wakePage)
        clock.wait(microseconds: 200)
        LocalAPIC.sendStartup(page: LowMemory.wakePage)
        let others = UInt32(expected - 1)
        _ = clock.wait(milliseconds: 2000, until: park + UInt64(SICE_PARK_READY), equals: others)
        clock.wait(microseconds: 20_000)  // a core that nobody listed would come now
        copyMemory(from: saved, to: LowMemory.wakePage, count: ABI.pageSize)
        let arrived = sice_read32(park + UInt64(SICE_PARK_ARRIVED))
        let ready = sice_read32(park + UInt64(SICE_PARK_READY))
        guard arrived < UInt32(ABI.maximumCores) else { throw .bootTooManyCores }
        guard arrived == others, ready == others else { throw .bootCoreLost }
        count = expected
        for index in 1..<8 where index < expected {
            identifiers[index] = sice_read32(park + UInt64(SICE_PARK_IDENTIFIERS) + UInt64(index - 1) * 4)
        }
    }

    /// Whether a parked core executes outside SMM, after at most 2 seconds.
    func isExecuting(_ core: Int, clock: Clock) -> Bool {
        let heartbeat = park + UInt64(SICE_PARK_HEARTBEATS) + UInt64(core - 1) * 4
        let before = sice_read32(heartbeat)
        for _ in 0..<200_000 {
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

public import SICEABI

/// The chipset's protection of the flash that the first stage of the firmware comes from (Intel ICH9 datasheet, 13.1.33
/// and 21.1; the same registers up to the 300 series).
public struct FlashProtection: Sendable {
    /// BIOS_CNTL of the LPC bridge.
    public var biosControl: UInt8
    /// HSFS, FREG1 (the BIOS region) and PR0…PR4 of the SPI controller; nil when its registers are not in reach.
    public var controller: Controller?

    public struct Controller: Sendable {
        public var status: UInt16
        public var region: UInt32
        public var ranges: InlineArray<5, UInt32>

        public init(status: UInt16, region: UInt32, ranges: InlineArray<5, UInt32>) {
            self.status = status
            self.region = region
            self.ranges = ranges
        }
    }

    public init(biosControl: UInt8, controller: Controller?) {
        self.biosControl = biosControl
        self.controller = controller
    }

    /// ``PostureClaim/firstStageProtected``: nothing outside SMM can write the flash, and the manager does not.
    public var value: PostureValue { isWritableInSMMOnly || isCoveredByRanges ? .present : .absent }

    /// BLE (which freezes this register) and SMM_BWP set, BIOSWE clear. BLE alone only asks an SMI handler to clear BIOSWE
    /// again; the manager has no such handler.
    private var isWritableInSMMOnly: Bool {
        let lock: UInt8 = 1 << 1
        let smmOnly: UInt8 = 1 << 5
        return biosControl & (lock | smmOnly | 1) == lock | smmOnly
    }

    /// FLOCKDN is set, and write-protected ranges cover the BIOS region without a gap.
    private var isCoveredByRanges: Bool {
        guard let controller, controller.status & 1 << 15 != 0 else { return false }
        var next = controller.region & 0x1FFF
        let last = controller.region >> 16 & 0x1FFF
        guard next <= last else { return false }
        // Each pass moves on by a range or ends: as many passes as there are ranges do.
        for _ in 0..<controller.ranges.count {
            for index in 0..<controller.ranges.count {
                let range = controller.ranges[index]
                guard range & 1 << 31 != 0, range & 0x1FFF <= next, range >> 16 & 0x1FFF >= next else {
                    continue
                }
                next = range >> 16 & 0x1FFF + 1
            }
        }
        return next > last
    }
}

internal import CMachine
internal import Firmware
internal import Installation
internal import SICEABI

/// Whether what runs later could replace the firmware's first stage, which measures all else.
enum FirstStage {
    /// Read from the registers of an Intel chipset; another one's are not known, and count as no protection.
    static func protection(ramEnd: UInt64) -> PostureValue {
        let bridge = PCIFunction.lpcBridge
        guard bridge.read16(0) == 0x8086 else { return .absent }
        return FlashProtection(
            biosControl: bridge.read8(0xDC), controller: controller(bridge.read32(0xF0), ramEnd: ramEnd)
        ).value
    }

    /// The SPI controller's registers, in the root complex's window if that is there (ICH9 datasheet, 10.1 and 13.1.35).
    private static func controller(_ root: UInt32, ramEnd: UInt64) -> FlashProtection.Controller? {
        let base = UInt64(root & 0xFFFF_C000) + 0x3800
        guard root & 1 != 0, base >= ramEnd else { return nil }
        return FlashProtection.Controller(
            status: sice_read16(base + 0x04), region: sice_read32(base + 0x58),
            ranges: InlineArray { index in sice_read32(base + 0x74 + UInt64(index) * 4) })
    }
}

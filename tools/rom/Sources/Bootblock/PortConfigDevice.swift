internal import CMachine
internal import FirmwareConfig

/// fw_cfg by its ports (QEMU docs/specs/fw_cfg.txt).
struct PortConfigDevice: FirmwareConfigDevice {
    mutating func select(_ key: UInt16) {
        sice_out16(0x510, key)
    }

    mutating func readByte() -> UInt8 {
        sice_in8(0x511)
    }
}

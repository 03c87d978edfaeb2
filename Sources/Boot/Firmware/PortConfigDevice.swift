internal import CMachine
public import FirmwareTables

/// fw_cfg by its ports (QEMU docs/specs/fw_cfg.txt).
public struct PortConfigDevice: FirmwareConfigDevice {
    public init() {}

    public mutating func select(_ key: UInt16) {
        sice_out16(0x510, key)
    }

    public mutating func readByte() -> UInt8 {
        sice_in8(0x511)
    }
}

internal import CMachine
public import TPM2

/// The TPM's registers where a PC has them.
public struct TPMRegisters: TISHardware {
    public init() {}

    public mutating func read8(_ offset: UInt32) -> UInt8 {
        sice_read8(TISRegister.windowBase + UInt64(offset))
    }

    public mutating func read32(_ offset: UInt32) -> UInt32 {
        sice_read32(TISRegister.windowBase + UInt64(offset))
    }

    public mutating func write8(_ offset: UInt32, _ value: UInt8) {
        sice_write8(TISRegister.windowBase + UInt64(offset), value)
    }

    /// A read of an unused port takes about a microsecond on every PC.
    public mutating func waitInterval() {
        for _ in 0..<TISRegister.pollInterval { _ = sice_in8(0x80) }
    }
}

internal import CMachine
internal import TPM2

/// The TPM's registers on a PC.
struct TISWindow: TISHardware {
    let clock: Clock

    func read8(_ offset: UInt32) -> UInt8 { sice_read8(TISRegister.windowBase + UInt64(offset)) }
    func read32(_ offset: UInt32) -> UInt32 { sice_read32(TISRegister.windowBase + UInt64(offset)) }
    func write8(_ offset: UInt32, _ value: UInt8) {
        sice_write8(TISRegister.windowBase + UInt64(offset), value)
    }
    func waitInterval() { clock.wait(microseconds: UInt32(TISRegister.pollInterval)) }
}

internal import CMachine

/// A function on PCI bus 0, reached by the configuration ports (PCI 3.0, 3.2.2.3.2).
struct PCIFunction {
    let device: UInt32
    let function: UInt32

    /// The Q35 memory controller.
    static let memoryController = PCIFunction(device: 0, function: 0)
    /// The ICH9 LPC bridge.
    static let lpcBridge = PCIFunction(device: 31, function: 0)

    private func select(_ register: UInt32) {
        sice_out32(0xCF8, 0x8000_0000 | device << 11 | function << 8 | register & 0xFC)
    }

    func read32(_ register: UInt32) -> UInt32 {
        select(register)
        return sice_in32(0xCFC)
    }

    func read16(_ register: UInt32) -> UInt16 {
        select(register)
        return sice_in16(0xCFC + UInt16(register & 2))
    }

    func read8(_ register: UInt32) -> UInt8 {
        select(register)
        return sice_in8(0xCFC + UInt16(register & 3))
    }

    func write32(_ register: UInt32, _ value: UInt32) {
        select(register)
        sice_out32(0xCFC, value)
    }

    func write16(_ register: UInt32, _ value: UInt16) {
        select(register)
        sice_out16(0xCFC + UInt16(register & 2), value)
    }

    func write8(_ register: UInt32, _ value: UInt8) {
        select(register)
        sice_out8(0xCFC + UInt16(register & 3), value)
    }
}

internal import CMachine

/// A function on PCI bus 0, reached by the configuration ports (PCI 3.0, 3.2.2.3.2).
public struct PCIFunction: Sendable {
    /// Device number, 0…31.
    public let device: UInt32
    /// Function number, 0…7.
    public let function: UInt32

    /// The function at these numbers, whether it is there or not.
    public init(device: UInt32, function: UInt32) {
        self.device = device
        self.function = function
    }

    /// The Q35 memory controller.
    public static let memoryController = PCIFunction(device: 0, function: 0)
    /// The ICH9 LPC bridge.
    public static let lpcBridge = PCIFunction(device: 31, function: 0)

    private func select(_ register: UInt32) {
        sice_out32(0xCF8, 0x8000_0000 | device << 11 | function << 8 | register & 0xFC)
    }

    /// Reads a 32-bit register.
    public func read32(_ register: UInt32) -> UInt32 {
        select(register)
        return sice_in32(0xCFC)
    }

    /// Reads a 16-bit register.
    public func read16(_ register: UInt32) -> UInt16 {
        select(register)
        return sice_in16(0xCFC + UInt16(register & 2))
    }

    /// Reads an 8-bit register.
    public func read8(_ register: UInt32) -> UInt8 {
        select(register)
        return sice_in8(0xCFC + UInt16(register & 3))
    }

    /// Writes a 32-bit register.
    public func write32(_ register: UInt32, _ value: UInt32) {
        select(register)
        sice_out32(0xCFC, value)
    }

    /// Writes a 16-bit register.
    public func write16(_ register: UInt32, _ value: UInt16) {
        select(register)
        sice_out16(0xCFC + UInt16(register & 2), value)
    }

    /// Writes an 8-bit register.
    public func write8(_ register: UInt32, _ value: UInt8) {
        select(register)
        sice_out8(0xCFC + UInt16(register & 3), value)
    }
}

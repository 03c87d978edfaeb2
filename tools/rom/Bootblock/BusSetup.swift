internal import Firmware

/// Gives every function on bus 0 addresses for its base address registers, as coreboot's allocator does, so that
/// a boot loader can use them and the ACPI tables describe them.
struct BusSetup {
    /// Memory windows go above RAM and MMCONFIG, below the I/O APIC.
    private var nextMemory: UInt64 = 0xC000_0000
    private let memoryEnd: UInt64 = 0xFE00_0000
    /// Port windows go above the chipset's own (SMBus 0x400, power management 0x600, hot plug 0xCC0).
    private var nextPort: UInt64 = 0x2000
    private let portEnd: UInt64 = 0x1_0000

    /// Sets up every function that is there.
    mutating func run() {
        for device: UInt32 in 0..<32 {
            let first = PCIFunction(device: device, function: 0)
            guard first.read16(0) != 0xFFFF else { continue }
            let functions: UInt32 = first.read8(0x0E) & 0x80 == 0 ? 1 : 8
            for function in 0..<functions {
                let candidate = PCIFunction(device: device, function: function)
                // Type 0 headers only: this ROM's machine has no bridges to other buses.
                guard candidate.read16(0) != 0xFFFF, candidate.read8(0x0E) & 0x7F == 0 else { continue }
                setUp(candidate)
            }
        }
    }

    private mutating func setUp(_ function: PCIFunction) {
        var register: UInt32 = 0x10
        while register <= 0x24 {
            register += assign(register, of: function)
        }
        // Legacy interrupt lines as coreboot assigns them on this board: 10, 10, 11, 11 by pin.
        let pin = function.read8(0x3D)
        if pin != 0 { function.write8(0x3C, pin <= 2 ? 10 : 11) }
        function.write16(0x04, function.read16(0x04) | 0x3)
    }

    /// Sizes one register and gives it an address. Returns how many bytes of registers it takes.
    private mutating func assign(_ register: UInt32, of function: PCIFunction) -> UInt32 {
        function.write32(register, 0xFFFF_FFFF)
        let mask = function.read32(register)
        guard mask != 0 else { return 4 }
        if mask & 1 != 0 {
            let size = UInt64(~(mask & 0xFFFC) & 0xFFFF) + 1
            function.write32(register, UInt32(take(size, from: &nextPort, end: portEnd) ?? 0))
            return 4
        }
        let wide = mask & 0x6 == 0x4 && register < 0x24
        var size = UInt64(~(mask & 0xFFFF_FFF0)) + 1
        if wide {
            function.write32(register + 4, 0xFFFF_FFFF)
            let high = function.read32(register + 4)
            // Below 4 GiB there is no room for a window whose low mask is all zeros.
            if mask & 0xFFFF_FFF0 == 0 { size = UInt64(~high &+ 1) << 32 }
            function.write32(register + 4, 0)
        }
        function.write32(register, UInt32(take(size, from: &nextMemory, end: memoryEnd) ?? 0))
        return wide ? 8 : 4
    }

    /// The next `size` bytes (a power of two), aligned to their size; nil when they do not fit.
    private func take(_ size: UInt64, from next: inout UInt64, end: UInt64) -> UInt64? {
        let start = (next + size - 1) & ~(size - 1)
        guard size > 0, size < end, start + size <= end else { return nil }
        next = start + size
        return start
    }
}

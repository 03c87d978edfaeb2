internal import CMachine
internal import Firmware
internal import Installation

/// SMRAM before it is closed: ordinary memory.
struct SMRAMWindow: SMRAMMemory {
    mutating func clear(from address: UInt64, count: UInt64) { sice_clear_words(address, count / 8) }

    mutating func store(_ bytes: Span<UInt8>, at address: UInt64) {
        var output = unsafe PhysicalMemory.writable(at: address, count: bytes.count)
        for index in 0..<bytes.count { output[index] = bytes[index] }
    }

    mutating func storeWord(_ value: UInt64, at address: UInt64) { sice_write64(address, value) }

    func word(at address: UInt64) -> UInt64 { sice_read64(address) }
}

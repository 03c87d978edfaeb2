import Installation

/// Physical memory of which only written pages exist; everything else reads as `fill`.
struct SparseMemory: SMRAMMemory {
    private var pages: [UInt64: [UInt8]] = [:]
    private var cleared: [Range<UInt64>] = []
    /// What memory held before: the last boot's secrets.
    let fill: UInt8 = 0xA5

    mutating func clear(from address: UInt64, count: UInt64) {
        pages = pages.filter { $0.key < address || $0.key >= address + count }
        cleared.append(address..<(address + count))
    }

    mutating func store(_ bytes: Span<UInt8>, at address: UInt64) {
        for index in 0..<bytes.count { set(bytes[index], at: address + UInt64(index)) }
    }

    mutating func storeWord(_ value: UInt64, at address: UInt64) {
        for index in 0..<8 {
            set(UInt8(truncatingIfNeeded: value >> UInt64(index * 8)), at: address + UInt64(index))
        }
    }

    private mutating func set(_ byte: UInt8, at address: UInt64) {
        if pages[address & ~4095] == nil { pages[address & ~4095] = fresh(address) }
        pages[address & ~4095]?[Int(address & 4095)] = byte
    }

    func word(at address: UInt64) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(byte(at: address + UInt64($1))) << UInt64($1 * 8) }
    }

    func byte(at address: UInt64) -> UInt8 {
        pages[address & ~4095].map { $0[Int(address & 4095)] } ?? fresh(address)[0]
    }

    private func fresh(_ address: UInt64) -> [UInt8] {
        let value = cleared.contains { $0.contains(address) } ? 0 : fill
        return [UInt8](repeating: value, count: 4096)
    }
}

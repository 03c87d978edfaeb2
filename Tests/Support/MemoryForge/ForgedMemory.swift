public import Installation
public import PagingAudit
import SICEABI
import Simulation

/// The memory of a machine that never was: pages that were written, zeros elsewhere in RAM.
public struct ForgedMemory: PhysicalMemory, SMRAMMemory, Sendable {
    private var pages: [UInt64: [UInt8]] = [:]

    public let lowEnd = MachineLayout.smramBase + MachineLayout.smramSize
    private let highRAM: Range<UInt64> = 0x1_0000_0000..<0x1_0004_0000

    public init() {}

    public func read(_ count: Int, at address: UInt64) throws(OutsideMemory) -> [UInt8] {
        let (end, wraps) = address.addingReportingOverflow(UInt64(count))
        guard !wraps, end <= lowEnd || address >= highRAM.lowerBound && end <= highRAM.upperBound else {
            throw OutsideMemory(address)
        }
        var bytes: [UInt8] = []
        while bytes.count < count {
            let next = address + UInt64(bytes.count)
            let offset = Int(next & 4095)
            let part = offset..<min(4096, offset + count - bytes.count)
            bytes += pages[next & ~4095].map { $0[part] } ?? Self.zeros[part]
        }
        return bytes
    }

    public mutating func store(_ bytes: [UInt8], at address: UInt64) {
        for (index, byte) in bytes.enumerated() {
            let place = address + UInt64(index)
            pages[place & ~4095, default: Array(Self.zeros)][Int(place & 4095)] = byte
        }
    }

    public mutating func store(_ bytes: Span<UInt8>, at address: UInt64) {
        store((0..<bytes.count).map { bytes[$0] }, at: address)
    }

    public mutating func storeWord(_ value: UInt64, at address: UInt64) {
        store((0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }, at: address)
    }

    public func word(at address: UInt64) -> UInt64 {
        let bytes = (try? read(8, at: address)) ?? []
        return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    public mutating func clear(from address: UInt64, count: UInt64) {
        pages = pages.filter { $0.key < address || $0.key >= address + count }
    }

    private static let zeros = [UInt8](repeating: 0, count: 4096)[...]
}

import CMachine
import ManagerCore
import SICEABI

/// Host memory is visible only inside these functions: one page at a time, in this core's own slot, never
/// executable, gone afterwards (I2).
extension SMRAMMachine {
    private enum Access {
        case read, write

        /// Page-table entry bits: present, accessed, dirty, no execute; writable only for a write.
        var bits: UInt64 { 1 << 0 | 1 << 5 | 1 << 6 | 1 << 63 | (self == .write ? 1 << 1 : 0) }
    }

    mutating func copy(_ range: HostRange, into target: inout MutableSpan<UInt8>) {
        unsafe target.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress, UInt64(bytes.count) >= range.count else { return }
            unsafe forEachPage(of: range, .read) { page, offset, count in
                unsafe start.advanced(by: offset).copyMemory(from: page, byteCount: count)
            }
        }
    }

    mutating func copyPage(_ page: HostRange, into target: PoolPage) {
        let pool = unsafe Self.pointer(toPhysical: poolBase &+ UInt64(target.index) &* ABI.pageSize)
        unsafe forEachPage(of: page, .read) { source, offset, count in
            unsafe pool.advanced(by: offset).copyMemory(from: source, byteCount: count)
        }
    }

    mutating func copy(_ source: Span<UInt8>, to range: HostRange) {
        unsafe source.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, UInt64(bytes.count) >= range.count else { return }
            unsafe forEachPage(of: range, .write) { page, offset, count in
                unsafe page.copyMemory(from: start.advanced(by: offset), byteCount: count)
            }
        }
    }

    /// Not mutating: that would copy the value twice in each world switch.
    func take(_ word: UInt64, at place: HostRange) -> Bool {
        defer { unmap() }
        return sice_take_word(mapWord(at: place, .write), word) != 0
    }

    func readWord(at place: HostRange) -> UInt32 {
        defer { unmap() }
        return sice_read32(mapWord(at: place, .read))
    }

    func writeWord(_ word: UInt32, at place: HostRange) {
        defer { unmap() }
        sice_write32(mapWord(at: place, .write), word)
    }

    /// Maps the page of an aligned word, which crosses no page; returns the word's virtual address.
    private func mapWord(at place: HostRange, _ access: Access) -> UInt64 {
        let inPage = place.address & (ABI.pageSize &- 1)
        return unsafe UInt64(UInt(bitPattern: map(place.address &- inPage, access))) &+ inPage
    }

    /// Calls `body` for each page's part of the range: where it is mapped, its offset in the range, its size.
    private func forEachPage(
        of range: HostRange, _ access: Access, _ body: (UnsafeMutableRawPointer, Int, Int) -> Void
    ) {
        var offset: UInt64 = 0
        while offset < range.count {
            let address = range.address &+ offset
            let inPage = address & (ABI.pageSize &- 1)
            let count = min(ABI.pageSize &- inPage, range.count &- offset)
            let window = unsafe map(address &- inPage, access)
            unsafe body(window.advanced(by: Int(inPage)), Int(offset), Int(count))
            unmap()
            offset &+= count
        }
    }

    private var mappingAddress: UInt64 {
        ManagerImageLayout.hostMapBase &+ UInt64(truncatingIfNeeded: core.index) << 21
    }

    private func map(_ physical: UInt64, _ access: Access) -> UnsafeMutableRawPointer {
        unsafe Self.pointer(toPhysical: hostMapTable).storeBytes(of: physical | access.bits, as: UInt64.self)
        sice_invlpg(mappingAddress)
        return unsafe UnsafeMutableRawPointer(bitPattern: UInt(mappingAddress)).unsafelyUnwrapped
    }

    /// Maps the local APIC's registers, uncached; returns their virtual address.
    func map(_ registers: LocalAPICPage) -> UInt64 {
        // Cache disabled, write-through.
        unsafe Self.pointer(toPhysical: hostMapTable)
            .storeBytes(of: registers.address | Access.write.bits | 1 << 4 | 1 << 3, as: UInt64.self)
        sice_invlpg(mappingAddress)
        return mappingAddress
    }

    func unmap() {
        unsafe Self.pointer(toPhysical: hostMapTable).storeBytes(of: 0, as: UInt64.self)
        sice_invlpg(mappingAddress)
    }
}

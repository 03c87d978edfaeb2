import CManager
import ManagerCore
import SICEABI

extension SMRAMMachine {
    private func pointer(to page: PoolPage) -> UnsafeMutableRawPointer {
        unsafe Self.pointer(toPhysical: poolBase &+ UInt64(page.index) &* ABI.pageSize)
    }

    func word(_ index: Int, of page: PoolPage) -> UInt64 {
        unsafe pointer(to: page).load(fromByteOffset: index &* 8, as: UInt64.self)
    }

    mutating func setWord(_ index: Int, of page: PoolPage, to value: UInt64) {
        unsafe pointer(to: page).storeBytes(of: value, toByteOffset: index &* 8, as: UInt64.self)
    }

    mutating func zero(_ page: PoolPage) {
        unsafe pointer(to: page).initializeMemory(
            as: UInt8.self, repeating: 0, count: Int(ABI.pageSize))
    }

    @_lifetime(borrow self)
    func bytes(of page: PoolPage) -> Span<UInt8> {
        let start = unsafe UnsafePointer<UInt8>(
            pointer(to: page).assumingMemoryBound(to: UInt8.self))
        let span = unsafe Span(_unsafeStart: start, count: Int(ABI.pageSize))
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    mutating func store(_ source: Span<UInt8>, at offset: Int, of page: PoolPage) {
        unsafe source.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            unsafe pointer(to: page).advanced(by: offset).copyMemory(from: start, byteCount: bytes.count)
        }
    }

    // Metadata: the links of all pages, then the owners.

    private func linkPointer(_ page: PoolPage) -> UnsafeMutableRawPointer {
        unsafe Self.pointer(toPhysical: metadataBase &+ UInt64(page.index) &* 4)
    }

    private func ownerPointer(_ page: PoolPage) -> UnsafeMutableRawPointer {
        unsafe Self.pointer(toPhysical: metadataBase &+ poolPages &* 4 &+ UInt64(page.index))
    }

    func owner(of page: PoolPage) -> UInt8 { unsafe ownerPointer(page).load(as: UInt8.self) }
    func link(of page: PoolPage) -> UInt32 { unsafe linkPointer(page).load(as: UInt32.self) }

    mutating func setOwner(of page: PoolPage, to owner: UInt8) {
        unsafe ownerPointer(page).storeBytes(of: owner, as: UInt8.self)
    }

    mutating func setLink(of page: PoolPage, to link: UInt32) {
        unsafe linkPointer(page).storeBytes(of: link, as: UInt32.self)
    }
}

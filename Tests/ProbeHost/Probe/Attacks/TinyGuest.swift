internal import ByteIO
internal import CMachine
internal import CProbe
internal import Firmware
internal import IsolatedImage
internal import SICEABI

/// The smallest guest with a kernel's freedom, so that hundreds of them a second can be tried: one page is its code and,
/// through an entry that points to the page itself, all four levels of its page tables.
struct TinyGuest {
    /// Guest-physical and -virtual address of the page; the next one is its stack and parameters.
    static let base: UInt64 = 0x1_0000
    /// Code begins behind the table's first 64 entries.
    static let code: UInt64 = 0x200
    /// Where ``reach(_:)`` puts what it maps: entry 32.
    static let mapped: UInt64 = 0x2_0000

    private let address: UInt64
    /// Where its page is in the image.
    var page: UInt64 { address + ABI.pageSize }
    /// Host memory that the guest sees behind its pages.
    private let window: UInt64?

    /// Writes the image; its code is all HLT.
    init(at address: UInt64, window: UInt64? = nil) throws(ErrorCode) {
        self.address = address
        self.window = window
        let name: StaticString = "tiny"
        let version: StaticString = "1"
        var writer = try unsafe ImageHeaderWriter(PhysicalMemory.writable(at: address, count: 4096))
        try writer.setProgram(kind: .linuxGuest, flags: 0, name: name.bytes, version: version.bytes)
        writer.setStart(
            entry: Self.base + Self.code, stackPointer: Self.base + 2 * ABI.pageSize,
            pageTableRoot: Self.base,
            bootParameters: Self.base + ABI.pageSize)
        try writer.add(
            region: ImageRegion(
                address: Self.base, pages: 2, contentPages: 1,
                permissions: Permissions.read | Permissions.write | Permissions.execute))
        if window != nil {
            try writer.add(
                window: ImageRegion(
                    address: Self.base + 2 * ABI.pageSize, pages: 1, contentPages: 0,
                    permissions: Permissions.read | Permissions.write))
        }
        try writer.finish()
        sice_clear_words(page, 64)
        // Present, writable, accessed, dirty. Entry 0 leads back to this page at each level.
        sice_write64(page, Self.base | 0x23)
        sice_write64(page + 16 * 8, Self.base | 0x63)
        sice_write64(page + 17 * 8, (Self.base + ABI.pageSize) | 0x63)
        sice_write64(page + 18 * 8, window == nil ? 0 : (Self.base + 2 * ABI.pageSize) | 0x63)
        for offset in stride(from: Self.code, to: 4096, by: 8) {
            sice_write64(page + offset, 0xF4F4_F4F4_F4F4_F4F4)
        }
    }

    /// Maps a guest-physical page at ``mapped``.
    func reach(_ physical: UInt64) { sice_write64(page + 32 * 8, physical | 0x63) }

    /// Puts bytes of code, little-endian, at an offset from the entry.
    func put(_ word: UInt64, at offset: UInt64) { sice_write64(page + Self.code + offset, word) }

    func environment() throws(ErrorCode) -> Environment {
        let identifier = try Self.answered(Call(.create, address)).registers.rbx
        _ = try Self.answered(Call(.load, identifier, page, 1))
        _ = try Self.answered(Call(.seal, identifier))
        if let window { _ = try Self.answered(Call(.attach, identifier, 0, window)) }
        return Environment(existing: identifier)
    }

    private static func answered(_ call: Call) throws(ErrorCode) -> Call {
        let answer = call.sent()
        guard answer.error == 0 else {
            throw ErrorCode(rawValue: UInt16(truncatingIfNeeded: answer.error)) ?? .noManager
        }
        return answer
    }
}

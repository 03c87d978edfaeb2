internal import ByteIO
internal import CProbe
internal import Firmware
internal import IsolatedImage
internal import SICEABI

/// A small image in memory: the guests' code, page tables for the first 2 MiB, data and stack.
struct GuestImage {
    static let text: UInt64 = 0x1_0000
    static let tables: UInt64 = 0x2_0000
    static let data: UInt64 = 0x3_0000
    static let dataPages: UInt64 = 4
    static let windowAddress: UInt64 = 0x10_0000
    /// Header, text, three tables.
    static let filePages: UInt64 = 5

    /// Where the image's bytes are.
    let address: UInt64
    /// Content pages after the header.
    private(set) var contentPages: UInt64 = 4

    /// Writes an image that starts at the guest `entry` (an offset of probe.h).
    ///
    /// `windows` windows of two pages each follow each other; `ballast` adds that many content pages of its own.
    /// A `linuxGuest` has the freedom of a kernel; its boot parameters are its empty data.
    init(
        at address: UInt64, entry: Int, kind: ImageKind = .bareProgram, windows: UInt64 = 0,
        ballast: UInt64 = 0
    ) throws(ErrorCode) {
        self.address = address
        contentPages = 4 + ballast
        try writeHeader(entry: UInt64(entry), kind: kind, windows: windows, ballast: ballast)
        var content = unsafe PhysicalMemory.writable(at: address + ABI.pageSize, count: 4 * 4096)
        for index in 0..<content.count { content[index] = 0 }
        let code = unsafe PhysicalMemory.readable(
            at: probe_guests_start(), count: Int(probe_guests_size()))
        for index in 0..<code.count { content[index] = code[index] }
        // Present, writable, accessed; the last one also dirty and a 2 MiB page (APM vol. 2, 5.3).
        content.storeLittleEndian(Self.tables + 0x1000 | 0x23, at: 0x1000)
        content.storeLittleEndian(Self.tables + 0x2000 | 0x23, at: 0x2000)
        content.storeLittleEndian(UInt64(0xE3), at: 0x3000)
        guard ballast > 0 else { return }
        var more = unsafe PhysicalMemory.writable(
            at: address + Self.filePages * ABI.pageSize, count: Int(ballast) * 4096)
        for index in 0..<more.count { more[index] = UInt8(truncatingIfNeeded: index &* 7) }
    }

    /// An image without ballast that is already there, as another core wrote it.
    init(sharedAt address: UInt64) throws(ErrorCode) {
        self.address = address
    }

    private func writeHeader(
        entry: UInt64, kind: ImageKind, windows: UInt64, ballast: UInt64
    ) throws(ErrorCode) {
        let name: StaticString = "probe"
        let version: StaticString = "1"
        var writer = try unsafe ImageHeaderWriter(PhysicalMemory.writable(at: address, count: 4096))
        try writer.setProgram(kind: kind, flags: 0, name: name.bytes, version: version.bytes)
        writer.setStart(
            entry: Self.text + entry, stackPointer: Self.data + Self.dataPages * ABI.pageSize,
            pageTableRoot: Self.tables, bootParameters: kind == .linuxGuest ? Self.data : 0)
        try writer.add(
            region: ImageRegion(
                address: Self.text, pages: 1, contentPages: 1,
                permissions: Permissions.read | Permissions.execute))
        let readWrite = Permissions.read | Permissions.write
        try writer.add(
            region: ImageRegion(address: Self.tables, pages: 3, contentPages: 3, permissions: readWrite))
        try writer.add(
            region: ImageRegion(
                address: Self.data, pages: Self.dataPages, contentPages: 0, permissions: readWrite))
        if ballast > 0 {
            try writer.add(
                region: ImageRegion(
                    address: 0x20_0000, pages: ballast, contentPages: ballast, permissions: Permissions.read))
        }
        for index in 0..<windows {
            let place = Self.windowAddress + index * 0x2000
            try writer.add(
                window: ImageRegion(address: place, pages: 2, contentPages: 0, permissions: readWrite))
        }
        try writer.finish()
    }
}

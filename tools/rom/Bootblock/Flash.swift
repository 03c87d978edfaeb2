internal import CorebootFormats
internal import Firmware
internal import SICEABI

/// The flash chip: 8 MiB that end at 4 GiB, with the FMAP at its start (tools/rom/flash.fmd).
enum Flash {
    static let size: UInt64 = 8 << 20
    static let base: UInt64 = (1 << 32) - size
    /// Size of the FMAP's own area.
    static let mapSize = 0x1000

    /// The FMAP area's bytes.
    static var map: Span<UInt8> {
        @_lifetime(immortal)
        get { unsafe PhysicalMemory.readable(at: base, count: mapSize) }
    }

    /// Where the file system is. Throws `bootBadCBFS`.
    static func bootMedia() throws(ErrorCode) -> CorebootBootMedia {
        let name: StaticString = "COREBOOT"
        let area = try FlashMap.find(name.bytes, in: map)
        guard UInt64(area.offset) + UInt64(area.size) <= size else { throw .bootBadCBFS }
        return CorebootBootMedia(
            flashMapOffset: 0, fileSystemOffset: UInt64(area.offset), fileSystemSize: UInt64(area.size),
            mediaSize: size)
    }
}

internal import ByteIO
public import SICEABI

/// The flash map (FMAP) of a ROM: named areas of the flash (flashmap 1.1: 56-byte header, 42-byte areas).
public enum FlashMap {
    /// Bytes of the header.
    public static let headerSize = 56
    /// Bytes of an area's entry.
    public static let areaSize = 42

    /// An area of the flash, in bytes from its start.
    public struct Area: Equatable, Sendable {
        /// First byte.
        public let offset: UInt32
        /// Size in bytes.
        public let size: UInt32
    }

    /// The area called `name` of the map at the start of `bytes`.
    ///
    /// Throws `bootBadCBFS` when there is no map or no such area, or when the area leaves the flash that the map
    /// describes.
    public static func find(_ name: Span<UInt8>, in bytes: Span<UInt8>) throws(ErrorCode) -> Area {
        let flashSize = UInt64(try flashSize(bytes))
        guard let entry = try entry(name, in: bytes) else { throw .bootBadCBFS }
        let offset = bytes.littleEndian(at: entry, as: UInt32.self)
        let size = bytes.littleEndian(at: entry + 4, as: UInt32.self)
        guard UInt64(offset) + UInt64(size) <= flashSize else { throw .bootBadCBFS }
        return Area(offset: offset, size: size)
    }

    /// Whether the map names an area, wherever that lies. Throws `bootBadCBFS` when there is no whole map.
    public static func contains(_ name: Span<UInt8>, in bytes: Span<UInt8>) throws(ErrorCode) -> Bool {
        try entry(name, in: bytes) != nil
    }

    /// Bytes of the whole flash. Throws `bootBadCBFS` when there is no map.
    public static func flashSize(_ bytes: Span<UInt8>) throws(ErrorCode) -> UInt32 {
        let signature: InlineArray<8, UInt8> = [0x5F, 0x5F, 0x46, 0x4D, 0x41, 0x50, 0x5F, 0x5F]  // "__FMAP__"
        guard bytes.count >= headerSize else { throw .bootBadCBFS }
        for index in 0..<8 where bytes[index] != signature[index] { throw .bootBadCBFS }
        return bytes.littleEndian(at: 18, as: UInt32.self)
    }

    /// Where the entry of an area starts.
    private static func entry(_ name: Span<UInt8>, in bytes: Span<UInt8>) throws(ErrorCode) -> Int? {
        _ = try flashSize(bytes)
        let count = Int(bytes.littleEndian(at: 54, as: UInt16.self))
        guard bytes.count >= headerSize + count * areaSize else { throw .bootBadCBFS }
        for index in 0..<count {
            let entry = headerSize + index * areaSize
            if isName(name, at: entry + 8, in: bytes) { return entry }
        }
        return nil
    }

    private static func isName(_ name: Span<UInt8>, at offset: Int, in bytes: Span<UInt8>) -> Bool {
        guard name.count < 32 else { return false }
        for index in 0..<name.count where bytes[offset + index] != name[index] { return false }
        return bytes[offset + name.count] == 0
    }
}

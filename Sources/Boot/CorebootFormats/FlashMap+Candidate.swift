internal import ByteIO

extension FlashMap {
    /// Name of the area that holds the map itself.
    private static var ownArea: InlineArray<4, UInt8> { [0x46, 0x4D, 0x41, 0x50] }  // "FMAP"

    /// Whether bytes that begin with the signature can be a map. Code that looks for maps has the same eight characters in
    /// it, and any bytes behind them: a map has version 1, a size up to `flashLimit`, and printable names, its own and
    /// those of the areas; an area whose entry is cut off is not judged.
    public static func isPlausible(_ bytes: Span<UInt8>, flashLimit: UInt32) -> Bool {
        guard let size = size(bytes), size > 0, size <= flashLimit, bytes[8] == 1,
            isPrintableName(at: 22, in: bytes)
        else { return false }
        let count = Int(bytes.littleEndian(at: 54, as: UInt16.self))
        guard count > 0 else { return false }
        for index in 0..<count {
            let entry = headerSize + index * areaSize
            guard entry + areaSize <= bytes.count else { return true }
            guard isPrintableName(at: entry + 8, in: bytes) else { return false }
        }
        return true
    }

    /// Whether the map says that it lies at `offset` of the flash.
    public static func names(ownOffset offset: Int, in bytes: Span<UInt8>) -> Bool {
        let name = ownArea
        guard let area = try? find(name.span, in: bytes) else { return false }
        return Int(area.offset) == offset
    }

    private static func size(_ bytes: Span<UInt8>) -> UInt32? { try? flashSize(bytes) }

    /// ASCII without blanks, then a zero, in 32 bytes.
    private static func isPrintableName(at offset: Int, in bytes: Span<UInt8>) -> Bool {
        var length = 0
        while length < 32, (0x21...0x7E).contains(bytes[offset + length]) { length += 1 }
        guard length < 32 else { return false }
        return bytes[offset + length] == 0
    }
}

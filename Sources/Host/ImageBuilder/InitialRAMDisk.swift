internal import SICEABI

/// What the kernel can unpack (Linux, lib/decompress.c), and how much that becomes.
enum InitialRAMDisk {
    private static let gzip: [UInt8] = [0x1F, 0x8B]
    private static let archives: [[UInt8]] = [Array("070701".utf8), Array("070702".utf8)]
    private static let compressions: [[UInt8]] = [
        gzip, [0xFD, 0x37, 0x7A, 0x58, 0x5A], [0x28, 0xB5, 0x2F, 0xFD], [0x02, 0x21, 0x4C, 0x18],
        [0x5D, 0x00, 0x00], Array("BZh".utf8), [0x89, 0x4C, 0x5A, 0x4F],
    ]

    static func isKnown(_ bytes: [UInt8]) -> Bool {
        (archives + compressions).contains { bytes.starts(with: $0) }
    }

    /// Bytes of files and directory records after unpacking. Exact for archives that are not compressed; of a gzip file it
    /// is what its trailer says; for other compressions four times their size, which system archives seldom exceed.
    static func unpackedSize(_ bytes: [UInt8]) -> UInt64 {
        var rest = bytes[...]
        var total: UInt64 = 0
        // Archives may follow one another, the last one compressed: microcode comes before all else.
        while archives.contains(where: { rest.starts(with: $0) }) {
            let size = archiveSize(rest)
            total += UInt64(size)
            rest = rest.dropFirst(size).drop { $0 == 0 }
        }
        return total + expandedSize(rest)
    }

    private static func expandedSize(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        let size = UInt64(bytes.count)
        guard bytes.starts(with: gzip), size >= 18 else { return 4 * size }
        // ISIZE, the length modulo 2^32 (RFC 1952, 2.3.1). Contents that do not compress are a little smaller than the
        // file; what is much smaller is only the last of several members, or zeros behind them.
        let declared = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        return declared >= size - size / 64 ? max(declared, size) : 4 * size
    }

    /// Bytes up to the end of the archive's trailer (cpio, format newc); all that is left of one without.
    private static func archiveSize(_ bytes: ArraySlice<UInt8>) -> Int {
        let (headerSize, trailer) = (110, Array("TRAILER!!!".utf8))
        var offset = bytes.startIndex
        while bytes.endIndex - offset >= headerSize,
            let fileSize = number(bytes[(offset + 54)..<(offset + 62)]),
            let nameSize = number(bytes[(offset + 94)..<(offset + 102)])
        {
            let name = offset + headerSize
            let end = align(name + nameSize) + align(fileSize)
            guard end <= bytes.endIndex else { break }
            if bytes[name...].starts(with: trailer) { return end - bytes.startIndex }
            offset = end
        }
        return bytes.count
    }

    /// Parts of an archive start at multiples of four.
    private static func align(_ count: Int) -> Int { (count + 3) & ~3 }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        let text = String(decoding: digits, as: UTF8.self)
        return text.utf8.count == 8 && text.allSatisfy(\.isHexDigit) ? Int(text, radix: 16) : nil
    }
}

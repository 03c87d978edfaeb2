internal import ByteIO
public import SICEABI

/// Walks the files of a CBFS that lies in memory.
///
/// The bytes are those of the flash, which an attacker who can write it controls: every field is checked before
/// it is used, and each step moves on, so that no image can make the walk endless. Files must follow one another:
/// bytes between them that are not erased flash are what is left of a header, or the rest of a file that another one
/// overlaps.
public struct CBFSWalker: ~Escapable {
    /// Headers start on this boundary.
    private static var alignment: Int { 64 }

    private let image: Span<UInt8>
    private var offset = 0

    @_lifetime(copy image)
    public init(_ image: Span<UInt8>) {
        self.image = image
    }

    /// The first file of a name. Throws `bootBadCBFS` when the walk meets a malformed header before it.
    public static func find(_ name: Span<UInt8>, in image: Span<UInt8>) throws(ErrorCode) -> CBFSFile? {
        var walker = CBFSWalker(image)
        while let file = try walker.next() {
            guard file.nameLength == name.count else { continue }
            var same = true
            for index in 0..<name.count where image[file.nameOffset + index] != name[index] { same = false }
            if same { return file }
        }
        return nil
    }

    /// The next file that is neither deleted nor empty space, nil at the end.
    /// Throws `bootBadCBFS` for a header whose parts do not lie inside each other and the image, and for files that do
    /// not follow one another.
    @_lifetime(self: copy self)
    public mutating func next() throws(ErrorCode) -> CBFSFile? {
        while let file = try nextEntry() {
            if file.type != CBFSType.deleted, file.type != CBFSType.empty { return file }
        }
        return nil
    }

    /// The next header of any type, nil at the end. Throws `bootBadCBFS` as ``next()`` does.
    @_lifetime(self: copy self)
    public mutating func nextEntry() throws(ErrorCode) -> CBFSFile? {
        while offset <= image.count - headerSize {
            guard isHeader(at: offset) else {
                try skipErased(Self.alignment)
                continue
            }
            let file = try parse(at: offset)
            offset = Self.align(file.dataOffset + file.dataSize)
            return file
        }
        try skipErased(image.count)
        return nil
    }

    @_lifetime(self: copy self)
    private mutating func skipErased(_ count: Int) throws(ErrorCode) {
        let end = min(offset + count, image.count)
        while offset < end {
            guard image[offset] == 0xFF else { throw .bootBadCBFS }
            offset += 1
        }
    }

    /// Where a header may start, at or behind `offset`.
    public static func align(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }

    private func isHeader(at offset: Int) -> Bool {
        image.littleEndian(at: offset, as: UInt64.self) == magic
    }

    private func parse(at start: Int) throws(ErrorCode) -> CBFSFile {
        let size = bigEndian(at: start + 8)
        let attributes = bigEndian(at: start + 16)
        let data = bigEndian(at: start + 20)
        guard data >= headerSize, data <= maximumHeader, data <= image.count - start,
            size <= image.count - start - data
        else { throw .bootBadCBFS }
        // An offset of zero says that there are no attributes; the name then reaches to the data.
        guard attributes == 0 || (attributes >= headerSize && attributes <= data) else { throw .bootBadCBFS }
        let nameEnd = attributes == 0 ? data : attributes
        var length = 0
        while headerSize + length < nameEnd, image[start + headerSize + length] != 0 { length += 1 }
        guard headerSize + length < nameEnd else { throw .bootBadCBFS }
        var file = CBFSFile(
            headerOffset: start, type: UInt32(bigEndian(at: start + 12)), nameOffset: start + headerSize,
            nameLength: length, dataOffset: start + data, dataSize: size, isCompressed: false)
        if attributes != 0 { try read(attributes: (start + attributes)..<(start + data), into: &file) }
        return file
    }

    private func read(attributes: Range<Int>, into file: inout CBFSFile) throws(ErrorCode) {
        var position = attributes.lowerBound
        while attributes.upperBound - position >= 8 {
            let tag = UInt32(bigEndian(at: position))
            let length = bigEndian(at: position + 4)
            guard tag != 0, tag != UInt32.max else { return }
            guard length >= 8, length <= attributes.upperBound - position else { throw .bootBadCBFS }
            if tag == compressionTag, length >= 12, bigEndian(at: position + 8) != 0 {
                file.isCompressed = true
            }
            if tag == digestTag, length == 44, bigEndian(at: position + 8) == digestIsSHA256 {
                file.digestOffset = position + 12
            }
            position += length
        }
    }

    private func bigEndian(at offset: Int) -> Int {
        Int(image.littleEndian(at: offset, as: UInt32.self).byteSwapped)
    }
}

/// ASCII "LARCHIVE".
private let magic: UInt64 = 0x4556_4948_4352_414C
private let headerSize = 24
/// CBFS_METADATA_MAX_SIZE is 256; cbfstool pads behind a header to place data, so allow for a whole sector.
private let maximumHeader = 64 << 10
private let compressionTag: UInt32 = 0x4243_5A4C
/// ASCII "hsaH".
private let digestTag: UInt32 = 0x6873_6148
/// Number of the algorithm (VB2_HASH_SHA256).
private let digestIsSHA256 = 2

internal import CorebootFormats
internal import Firmware
internal import SHA2
internal import SICEABI

/// The file system in the flash, which the chipset maps right below 4 GiB.
struct Flash {
    private let base: UInt64
    private let size: UInt64

    /// Throws `bootBadCBFS` when the table names no file system that lies in the mapped flash.
    init(_ media: CorebootBootMedia?) throws(ErrorCode) {
        guard let media, media.mediaSize <= 16 << 20, media.fileSystemOffset <= media.mediaSize,
            media.fileSystemSize <= media.mediaSize - media.fileSystemOffset
        else { throw .bootBadCBFS }
        base = (1 << 32) - media.mediaSize + media.fileSystemOffset
        size = media.fileSystemSize
    }

    /// Whether a file exists.
    func contains(_ name: StaticString) throws(ErrorCode) -> Bool {
        try CBFSWalker.find(name.bytes, in: bytes) != nil
    }

    /// The number in an option file; nil when there is none. Throws `bootNoTSEG`, the only option of that kind,
    /// when it is no number: a ROM that asks for something unknown does not get something else.
    func number(_ name: StaticString) throws(ErrorCode) -> UInt64? {
        guard let file = try CBFSWalker.find(name.bytes, in: bytes) else { return nil }
        guard !file.isCompressed,
            let value = OptionText.number(
                bytes.extracting(file.dataOffset..<(file.dataOffset + file.dataSize)))
        else { throw .bootNoTSEG }
        return value
    }

    /// Copies a file to ``WorkMemory/file``. Returns its size and type, nil when there is none.
    /// Throws `bootBadCBFS` when it cannot be used as stored, or is not what the digest says that it carries.
    func load(_ name: StaticString) throws(ErrorCode) -> LoadedFile? {
        guard let file = try CBFSWalker.find(name.bytes, in: bytes) else { return nil }
        try file.requireUsable(limit: WorkMemory.file.size)
        copyMemory(
            from: base + UInt64(file.dataOffset), to: WorkMemory.file.base, count: UInt64(file.dataSize))
        let loaded = LoadedFile(size: file.dataSize, type: file.type)
        try file.requireDigest(loaded.digest, in: bytes)
        return loaded
    }

    private var bytes: Span<UInt8> {
        @_lifetime(immortal)
        get { unsafe PhysicalMemory.readable(at: base, count: Int(size)) }
    }
}

/// A file in ``WorkMemory/file``, until the next one is loaded.
struct LoadedFile {
    let size: Int
    let type: UInt32
    /// SHA-256 of the content as stored.
    let digest: InlineArray<32, UInt8>

    init(size: Int, type: UInt32) {
        self.size = size
        self.type = type
        digest = SHA256.hash(unsafe PhysicalMemory.readable(at: WorkMemory.file.base, count: size))
    }

    var bytes: Span<UInt8> {
        @_lifetime(immortal)
        get { unsafe PhysicalMemory.readable(at: WorkMemory.file.base, count: size) }
    }
}

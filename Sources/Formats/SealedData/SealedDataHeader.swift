import ByteIO
public import SICEABI

/// The first 160 bytes of sealed data: which key opens it. It is no secret, and nothing of it is believed: the key of the
/// blob is made from all of it, so that one changed bit leads to a key under which no chunk is right.
///
/// Little-endian: magic, chunk size (u32), zeros (u32), salt (32 bytes), sealer and target (48 bytes each), mask and label
/// (u64 each).
public struct SealedDataHeader: Equatable, Sendable {
    /// Random: two blobs never have the same key, so that a nonce is never used twice.
    public var salt: InlineArray<32, UInt8>
    public var sealer: SealedDataSide
    public var target: SealedDataSide
    /// µPCRs of the target that the key depends on.
    public var mask: UInt64 = 0
    public var label: UInt64 = 0
    /// Bytes of a chunk's plaintext; the last has as many or fewer.
    public var chunkSize: UInt32 = 4096

    public static let size = 160
    /// Bytes of the tag behind each chunk.
    public static let tagSize = 16
    /// ASCII "SICESEA1".
    private static let magic: UInt64 = 0x3141_4553_4543_4953
    public static let chunkSizes: ClosedRange<UInt32> = 64...65536

    private enum Place {
        static let chunkSize = 8, reserved = 12, salt = 16, sealer = 48, target = 96, mask = 144, label = 152
    }

    public init(salt: InlineArray<32, UInt8>, sealer: SealedDataSide, target: SealedDataSide) {
        (self.salt, self.sealer, self.target) = (salt, sealer, target)
    }

    /// Reads the start of sealed data. Throws `sealedDataMalformed` for what is none, or is too short to be any.
    public init(_ bytes: Span<UInt8>) throws(ErrorCode) {
        guard bytes.count >= Self.size, bytes.littleEndian(at: 0, as: UInt64.self) == Self.magic,
            bytes.littleEndian(at: Place.reserved, as: UInt32.self) == 0
        else { throw .sealedDataMalformed }
        chunkSize = bytes.littleEndian(at: Place.chunkSize, as: UInt32.self)
        guard Self.chunkSizes.contains(chunkSize) else { throw .sealedDataMalformed }
        salt = Self.bytes(bytes, at: Place.salt)
        sealer = SealedDataSide(bytes, at: Place.sealer)
        target = SealedDataSide(bytes, at: Place.target)
        mask = bytes.littleEndian(at: Place.mask, as: UInt64.self)
        label = bytes.littleEndian(at: Place.label, as: UInt64.self)
        guard mask & ~SealOptions.mask == 0 else { throw .sealedDataMalformed }
    }

    public var encoded: InlineArray<160, UInt8> {
        var header = InlineArray<160, UInt8>(repeating: 0)
        var fields = header.mutableSpan
        fields.storeLittleEndian(Self.magic, at: 0)
        fields.storeLittleEndian(chunkSize, at: Place.chunkSize)
        for index in 0..<32 { fields[Place.salt + index] = salt[index] }
        sealer.store(at: Place.sealer, in: &fields)
        target.store(at: Place.target, in: &fields)
        fields.storeLittleEndian(mask, at: Place.mask)
        fields.storeLittleEndian(label, at: Place.label)
        return header
    }

    public static func == (left: SealedDataHeader, right: SealedDataHeader) -> Bool {
        left.encoded.isEqual(to: right.encoded)
    }

    private static func bytes(_ bytes: Span<UInt8>, at place: Int) -> InlineArray<32, UInt8> {
        InlineArray { index in bytes[place + index] }
    }
}

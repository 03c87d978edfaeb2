import ByteIO

/// A program, as it is named in a header: the six words of ``SICEABI/SealSide``, in 48 bytes.
public struct SealedDataSide: Equatable, Sendable {
    /// ``SICEABI/SealSide``, with the security version in bits 32 to 63.
    public var name: UInt64
    public var product: UInt64
    /// Measurement, or SHA-256 of the author's public point.
    public var digest: InlineArray<32, UInt8>

    public static let size = 48

    public init(name: UInt64, product: UInt64, digest: InlineArray<32, UInt8>) {
        (self.name, self.product, self.digest) = (name, product, digest)
    }

    /// The side at a place of bytes that have ``size`` bytes there.
    init(_ bytes: Span<UInt8>, at place: Int) {
        name = bytes.littleEndian(at: place, as: UInt64.self)
        product = bytes.littleEndian(at: place + 8, as: UInt64.self)
        digest = InlineArray { index in bytes[place + 16 + index] }
    }

    /// Writes it at a place that has room for ``size`` bytes.
    public func store(at place: Int, in fields: inout MutableSpan<UInt8>) {
        fields.storeLittleEndian(name, at: place)
        fields.storeLittleEndian(product, at: place + 8)
        for index in 0..<32 { fields[place + 16 + index] = digest[index] }
    }

    public static func == (left: SealedDataSide, right: SealedDataSide) -> Bool {
        left.name == right.name && left.product == right.product && left.digest.isEqual(to: right.digest)
    }
}

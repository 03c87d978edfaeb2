/// An integer as TPM 2.0 and DER write it: most significant byte first.
public func bigEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    stride(from: T.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> T($0)) }
}

/// A TPM2B: the size in 16 bits, then the bytes (TPM 2.0 Library, Part 2, 10.4), at most 65535 of them.
public func sized(_ bytes: [UInt8]) -> [UInt8] { bigEndian(UInt16(bytes.count)) + bytes }

internal import NVSession
internal import SICEABI
public import SealedData

/// The vault's own key and name, under which its tables are sealed to itself.
public struct VaultIdentity: Sendable {
    let side: SealedDataSide
    let key: InlineArray<32, UInt8>

    /// - Parameters:
    ///   - side: sealer and target in one.
    ///   - key: what the manager gave for both.
    public init(side: SealedDataSide, key: InlineArray<32, UInt8>) {
        (self.side, self.key) = (side, key)
    }
}

/// A table as it lies on the host's disk: sealed data of one chunk.
enum SealedTable {
    /// Header, table, tag.
    static let size = SealedDataHeader.size + StateTable.size + SealedDataHeader.tagSize
    private static let tagStart = SealedDataHeader.size + StateTable.size

    /// Fills the first ``size`` bytes. Throws `bufferTooSmall` and `noEntropy`.
    static func seal(
        _ table: StateTable, _ identity: VaultIdentity, _ cryptography: inout some VaultCryptography,
        in blob: inout MutableSpan<UInt8>
    ) throws(ErrorCode) {
        guard blob.count >= size else { throw .bufferTooSmall }
        let header = SealedDataHeader(
            salt: try cryptography.random(), sealer: identity.side, target: identity.side)
        var (bytes, start) = (table.bytes, header.encoded)
        var stream = SealedStream(header, key: identity.key, cipher: cryptography)
        var chunk = bytes.mutableSpan
        let tag = try stream.seal(&chunk, isLast: true)
        for position in 0..<SealedDataHeader.size { blob[position] = start[position] }
        for position in 0..<StateTable.size { blob[SealedDataHeader.size + position] = bytes[position] }
        for position in 0..<tag.count { blob[tagStart + position] = tag[position] }
    }

    /// Throws `sealedDataMalformed`, and `sealedDataRefused` for what this vault did not seal.
    static func open(
        _ blob: Span<UInt8>, _ identity: VaultIdentity, _ cryptography: some VaultCryptography
    ) throws(ErrorCode) -> StateTable {
        guard blob.count == size else { throw .sealedDataMalformed }
        let header = try SealedDataHeader(blob)
        var stream = SealedStream(header, key: identity.key, cipher: cryptography)
        var bytes = InlineArray<3904, UInt8> { blob[SealedDataHeader.size + $0] }
        var chunk = bytes.mutableSpan
        try stream.open(&chunk, tag: blob.extracting(tagStart..<size), isLast: true)
        return try StateTable(bytes)
    }
}

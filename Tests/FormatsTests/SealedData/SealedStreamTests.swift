import SICEABI
import SealedData
import Testing
import ToyCipher

/// Sealed data comes back whole, or not at all.
@Suite struct SealedStreamTests {
    private static let key = InlineArray<32, UInt8> { UInt8($0) }

    private static func header(salt: UInt8 = 1, chunkSize: UInt32 = 64) -> SealedDataHeader {
        let own = SealedDataSide(name: SealSide.measurement, product: 0, digest: .init(repeating: 7))
        let peer = SealedDataSide(name: SealSide.author | 3 << 32, product: 9, digest: .init(repeating: 8))
        var header = SealedDataHeader(salt: .init(repeating: salt), sealer: own, target: peer)
        (header.mask, header.label, header.chunkSize) = (0b101, 0x0102_0304_0506_0708, chunkSize)
        return header
    }

    private func plaintext(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ $0 >> 8) }
    }

    /// Chunks with their tags.
    private func seal(_ bytes: [UInt8], _ header: SealedDataHeader = Self.header()) throws -> [[UInt8]] {
        var stream = SealedStream(header, key: Self.key, cipher: ToyCipher())
        let size = Int(header.chunkSize)
        var chunks: [[UInt8]] = []
        repeat {
            let start = chunks.count * size
            var chunk = Array(bytes[start..<min(start + size, bytes.count)])
            var span = chunk.mutableSpan
            let tag = try stream.seal(&span, isLast: start + size >= bytes.count)
            chunks.append(chunk + tag.indices.map { tag[$0] })
        } while !stream.isOver
        return chunks
    }

    private func open(
        _ chunks: [[UInt8]], _ header: SealedDataHeader = Self.header(),
        key: InlineArray<32, UInt8> = Self.key
    ) throws -> [UInt8] {
        var stream = SealedStream(header, key: key, cipher: ToyCipher())
        var bytes: [UInt8] = []
        for (index, sealed) in chunks.enumerated() {
            var chunk = Array(sealed.dropLast(16))
            let tag = Array(sealed.suffix(16))
            var span = chunk.mutableSpan
            do {
                try stream.open(&span, tag: tag.span, isLast: index == chunks.count - 1)
            } catch {
                // Nothing of what was refused is left, and nothing follows.
                if error == .sealedDataRefused {
                    #expect(chunk.allSatisfy { $0 == 0 } && stream.isOver)
                }
                throw error
            }
            bytes += chunk
        }
        return bytes
    }

    @Test(arguments: [0, 1, 63, 64, 65, 127, 128, 129, 1000])
    func data_comesBack(_ count: Int) throws {
        let chunks = try seal(plaintext(count))
        #expect(chunks.count == max(1, (count + 63) / 64))
        #expect(chunks.reduce(0) { $0 + $1.count } == count + 16 * chunks.count)
        #expect(try open(chunks) == plaintext(count))
        if count >= 8 { #expect(Array(chunks[0].prefix(8)) != Array(plaintext(8))) }
    }

    @Test func reject_everyFlippedBit() throws {
        let chunks = try seal(plaintext(130))
        for chunk in chunks.indices {
            for bit in 0..<chunks[chunk].count * 8 {
                var changed = chunks
                changed[chunk][bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: ErrorCode.sealedDataRefused) { try open(changed) }
            }
        }
    }

    @Test func reject_everyFlippedBitOfTheHeader() throws {
        let chunks = try seal(plaintext(130))
        let encoded = Self.header().encoded
        for bit in 0..<SealedDataHeader.size * 8 {
            var bytes = encoded.indices.map { encoded[$0] }
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let error = #expect(throws: ErrorCode.self) { try open(chunks, SealedDataHeader(bytes.span)) }
            #expect(error == .sealedDataRefused || error == .sealedDataMalformed, "bit \(bit)")
        }
    }

    @Test func reject_truncatedExtendedOrReordered() throws {
        let chunks = try seal(plaintext(256))
        for count in 1..<chunks.count {
            #expect(throws: ErrorCode.sealedDataRefused) { try open(Array(chunks.prefix(count))) }
            #expect(throws: ErrorCode.sealedDataRefused) { try open(Array(chunks.dropFirst(count))) }
        }
        for (one, other) in [(0, 1), (1, 2), (2, 3), (0, 3)] {
            var swapped = chunks
            swapped.swapAt(one, other)
            #expect(throws: ErrorCode.sealedDataRefused) { try open(swapped) }
        }
        for extra in chunks {
            #expect(throws: ErrorCode.sealedDataRefused) { try open(chunks + [extra]) }
            #expect(throws: ErrorCode.sealedDataRefused) { try open([extra] + chunks) }
        }
        for cut in 1..<16 {
            var short = chunks
            short[3].removeLast(cut)
            #expect(throws: ErrorCode.sealedDataRefused) { try open(short) }
        }
    }

    @Test func reject_chunksOfAnotherBlob() throws {
        let (one, other) = try (seal(plaintext(256)), seal(plaintext(256), Self.header(salt: 2)))
        #expect(one[0] != other[0])
        for index in one.indices {
            var mixed = one
            mixed[index] = other[index]
            #expect(throws: ErrorCode.sealedDataRefused) { try open(mixed) }
        }
        #expect(throws: ErrorCode.sealedDataRefused) { try open(one, Self.header(salt: 2)) }
        #expect(throws: ErrorCode.sealedDataRefused) { try open(one, key: .init(repeating: 0)) }
    }

    /// Chunks that are not full would make two cuts of the same bytes.
    @Test func reject_chunksOfAnotherSize() throws {
        var stream = SealedStream(Self.header(), key: Self.key, cipher: ToyCipher())
        for (count, isLast) in [(63, false), (0, false), (65, false), (65, true)] {
            var chunk = plaintext(count)
            var span = chunk.mutableSpan
            let error = #expect(throws: ErrorCode.self) { _ = try Self.seal(&stream, &span, isLast) }
            #expect(error == .sealedDataMalformed)
            #expect(chunk == plaintext(count))
        }
        var last = plaintext(1)
        var span = last.mutableSpan
        _ = try stream.seal(&span, isLast: true)
        var after = plaintext(1)
        var rest = after.mutableSpan
        let error = #expect(throws: ErrorCode.self) { _ = try Self.seal(&stream, &rest, true) }
        #expect(error == .sealedDataMalformed)
    }

    private static func seal(
        _ stream: inout SealedStream<ToyCipher>, _ chunk: inout MutableSpan<UInt8>, _ isLast: Bool
    ) throws(ErrorCode) -> InlineArray<16, UInt8> {
        try stream.seal(&chunk, isLast: isLast)
    }

    @Test func header_isReadBack() throws {
        let header = Self.header(chunkSize: 65536)
        let encoded = header.encoded
        #expect(try SealedDataHeader(encoded.span) == header)
        #expect(encoded.indices.prefix(8).map { encoded[$0] } == Array("SICESEA1".utf8))
    }

    @Test func reject_malformedHeader() throws {
        let encoded = Self.header().encoded
        let good = encoded.indices.map { encoded[$0] }
        func code(_ change: (inout [UInt8]) -> Void) -> ErrorCode? {
            var bytes = good
            change(&bytes)
            do throws(ErrorCode) {
                _ = try SealedDataHeader(bytes.span)
                return nil
            } catch { return error }
        }
        #expect(code { _ in } == nil)
        #expect(code { $0.append(0) } == nil)
        for count in [0, 1, 8, 159] {
            #expect(code { $0.removeLast(160 - count) } == .sealedDataMalformed)
        }
        #expect(code { $0[0] ^= 1 } == .sealedDataMalformed)
        #expect(code { $0[12] = 1 } == .sealedDataMalformed)
        #expect(code { $0[8] = 63 } == .sealedDataMalformed)
        #expect(code { $0[11] = 1 } == .sealedDataMalformed)
        #expect(code { $0[145] = 1 } == .sealedDataMalformed)
    }
}

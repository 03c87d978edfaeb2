import ByteIO
import CBOR
import Testing

@Suite struct CBOREncoderTests {
    /// The hexadecimal form of what `write` encodes.
    func hex(room: Int = 64, _ write: (inout CBOREncoder) throws(ByteError) -> Void) throws -> String {
        var bytes = [UInt8](repeating: 0, count: room)
        var encoder = CBOREncoder(bytes.mutableSpan)
        try write(&encoder)
        let count = encoder.count
        return bytes[..<count].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// RFC 8949 appendix A.
    @Test(
        arguments: [
            (0, "00"), (23, "17"), (24, "1818"), (100, "1864"), (1000, "1903e8"), (1_000_000, "1a000f4240"),
            (1_000_000_000_000, "1b000000e8d4a51000"), (.max, "1bffffffffffffffff"), (255, "18ff"),
            (256, "190100"), (65535, "19ffff"), (65536, "1a00010000"), (0xFFFF_FFFF, "1affffffff"),
            (0x1_0000_0000, "1b0000000100000000"),
        ] as [(UInt64, String)])
    func encode_unsigned(_ value: UInt64, _ expected: String) throws {
        #expect(try hex { (e) throws(ByteError) in try e.encode(unsigned: value) } == expected)
    }

    @Test(
        arguments: [
            (-1, "20"), (-10, "29"), (-24, "37"), (-25, "3818"), (-100, "3863"), (-1000, "3903e7"),
            (-70001, "3a00011170"), (.min, "3b7fffffffffffffff"), (10, "0a"), (.max, "1b7fffffffffffffff"),
        ] as [(Int64, String)])
    func encode_signed(_ value: Int64, _ expected: String) throws {
        #expect(try hex { (e) throws(ByteError) in try e.encode(signed: value) } == expected)
    }

    @Test func encode_stringsAndContainers() throws {
        let bytes: [UInt8] = [1, 2, 3, 4]
        #expect(try hex { (e) throws(ByteError) in try e.encode(bytes: bytes.span) } == "4401020304")
        #expect(
            try hex { (e) throws(ByteError) in try e.encode(text: Array("IETF".utf8).span) } == "6449455446")
        let nested = try hex { (e) throws(ByteError) in
            try e.encode(tag: 18)
            try e.encodeArrayHead(count: 2)
            try e.encodeMapHead(count: 1)
            try e.encode(unsigned: 1)
            try e.encode(signed: -7)
            try e.encode(bytes: [UInt8]().span)
        }
        #expect(nested == "d282a1012640")
    }

    @Test func reject_everyTooSmallRoom() throws {
        /// The size of a value of 38 bytes, encoded into `room` bytes.
        func size(room: Int) throws -> Int {
            try hex(room: room) { (e) throws(ByteError) in
                try e.encodeMapHead(count: 1)
                try e.encode(unsigned: 1_000_000)
                try e.encode(bytes: [UInt8](repeating: 7, count: 30).span)
            }.count / 2
        }
        #expect(try size(room: 38) == 38)
        for room in 0..<38 {
            #expect(throws: ByteError.noRoom) { try size(room: room) }
        }
    }
}

import OpenSSLCrypto
import Testing

@Suite struct SHA256Tests {
    @Test func hash_ofABC() {
        // FIPS 180-2, appendix B.1.
        #expect(
            hex(SHA256.hash(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func pieces_equalWhole() {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var state = SHA256()
        for start in stride(from: 0, to: bytes.count, by: 777) {
            state.update(Array(bytes[start..<min(start + 777, bytes.count)]))
        }
        #expect(state.finish() == SHA256.hash(bytes))
    }
}

func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}

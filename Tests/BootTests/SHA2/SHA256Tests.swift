import SHA2
import Testing

@Suite struct SHA256Tests {
    private func hex(_ digest: InlineArray<32, UInt8>) -> String {
        var text = ""
        for index in 0..<32 {
            let digits = String(digest[index], radix: 16)
            text += digits.count == 1 ? "0" + digits : digits
        }
        return text
    }

    /// Vectors of FIPS 180-4's examples and of RFC 6234 §8.5.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func hashesKnownStrings(text: String, expected: String) {
        let bytes = Array(text.utf8)
        #expect(hex(SHA256.hash(bytes.span)) == expected)
    }

    @Test func hashesAMillionBytes() {
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(
            hex(SHA256.hash(bytes.span)) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }

    @Test func hashesInPartsLikeAtOnce() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7) }
        for cut in [0, 1, 55, 56, 63, 64, 65, 128, 299, 300] {
            var hash = SHA256()
            hash.update(bytes.span.extracting(0..<cut))
            hash.update(bytes.span.extracting(cut..<bytes.count))
            #expect(hex(hash.finish()) == hex(SHA256.hash(bytes.span)))
        }
    }
}

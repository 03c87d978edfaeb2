import OpenSSLCrypto
import Testing

/// The key and signature of RFC 6979, A.2.5 (P-256, SHA-256, message "sample").
@Suite struct PublicKeyTests {
    let point = bytes(
        "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
            + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")
    let r = bytes("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716")
    let s = bytes("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")

    @Test func accept_signatureOfRFC6979() throws {
        let key = try #require(PublicKey(p256Point: point))
        #expect(key.isValidSignature(r: r, s: s, message: Array("sample".utf8)))
    }

    @Test func reject_signatureOfOtherMessage() throws {
        let key = try #require(PublicKey(p256Point: point))
        #expect(!key.isValidSignature(r: r, s: s, message: Array("Sample".utf8)))
    }

    @Test func reject_signatureOfZeroes() throws {
        let key = try #require(PublicKey(p256Point: point))
        let zero = [UInt8](repeating: 0, count: 32)
        #expect(!key.isValidSignature(r: zero, s: zero, message: Array("sample".utf8)))
    }

    @Test func reject_pointOffTheCurve() {
        var other = point
        other[64] ^= 1
        #expect(PublicKey(p256Point: other) == nil)
    }

    @Test func reject_compressedPoint() {
        #expect(PublicKey(p256Point: [0x03] + point[1..<33]) == nil)
    }

    @Test func reject_trailingBytes() {
        let encoding = DER.subjectPublicKeyInfo(p256Point: point)
        #expect(PublicKey(subjectPublicKeyInfo: encoding) != nil)
        #expect(PublicKey(subjectPublicKeyInfo: encoding + [0]) == nil)
    }

    @Test func reject_nothing() {
        #expect(PublicKey(subjectPublicKeyInfo: []) == nil)
        #expect(PublicKey(p256Point: []) == nil)
    }

    @Test func kind_ofPointsAndOthers() throws {
        #expect(try #require(PublicKey(p256Point: point)).kind == .elliptic(.p256))
        // RFC 8410, 10.1.
        let encoding = bytes(
            "302a300506032b657003210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1")
        #expect(try #require(PublicKey(subjectPublicKeyInfo: encoding)).kind == .other("ED25519"))
    }

    @Test func ellipticKey_doesNotEncrypt() throws {
        let key = try #require(PublicKey(p256Point: point))
        #expect(key.encryptOAEP([1], label: [0]) == nil)
    }
}

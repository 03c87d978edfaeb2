import OpenSSLCrypto
import Testing

/// Key pairs of people, as files have them.
@Suite struct SecretKeyTests {
    @Test func pem_isReadBackAndSigns() throws {
        let key = SecretKey()
        let read = try #require(SecretKey(pem: Array(key.pem.utf8)))
        #expect(read.point == key.point && key.point.count == 65)
        let signature = read.sign(Array("sample".utf8))
        let owner = try #require(PublicKey(p256Point: key.point))
        #expect(
            owner.isValidSignature(
                r: Array(signature[..<32]), s: Array(signature[32...]), message: Array("sample".utf8)))
    }

    /// Other lines, other ends of lines, and what stands before the key do not matter.
    @Test func pem_isFoundAmongOtherLines() throws {
        let key = SecretKey()
        let parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
        let text = "A key.\n" + parameters + key.pem
        let lines = text.split(separator: "\n").joined(separator: "\r\n")
        #expect(SecretKey(pem: Array(lines.utf8))?.point == key.point)
    }

    @Test func reject_whatIsNoKey() {
        let pem = SecretKey().pem
        let encrypted = pem.replacing("EC PRIVATE", with: "ENCRYPTED PRIVATE")
        for text in [
            "", "key", String(pem.dropLast(20)), encrypted, pem.replacing("\n", with: ""),
            "-----END PRIVATE KEY-----\n-----BEGIN PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----",
        ] { #expect(SecretKey(pem: Array(text.utf8)) == nil, "\(text)") }
        #expect(SecretKey(pem: [0xFF, 0xFE]) == nil)
        #expect(SecretKey(encoding: []) == nil)
    }
}

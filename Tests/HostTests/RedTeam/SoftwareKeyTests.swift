import OpenSSLCrypto
import RedTeam
import Testing

@Suite struct SoftwareKeyTests {
    @Test func signature_isOfThisKeyAndThisMessage() throws {
        let (key, other) = (SoftwareKey(), SoftwareKey())
        #expect(key.point != other.point)
        let message = Array("message".utf8)
        // Integers of every size: each has its 32 bytes.
        for _ in 0..<300 {
            let (r, s) = key.sign(message)
            #expect(r.count == 32 && s.count == 32)
            let mine = try #require(PublicKey(p256Point: key.point))
            #expect(mine.isValidSignature(r: r, s: s, message: message))
        }
        let (r, s) = key.sign(message)
        let mine = try #require(PublicKey(p256Point: key.point))
        #expect(!mine.isValidSignature(r: s, s: r, message: message))
        #expect(!mine.isValidSignature(r: r, s: s, message: message + [0]))
        let others = try #require(PublicKey(p256Point: other.point))
        #expect(!others.isValidSignature(r: r, s: s, message: message))
    }

    @Test func emptyMessage_isSignedToo() throws {
        let key = SoftwareKey()
        let (r, s) = key.sign([])
        #expect(try #require(PublicKey(p256Point: key.point)).isValidSignature(r: r, s: s, message: []))
    }
}

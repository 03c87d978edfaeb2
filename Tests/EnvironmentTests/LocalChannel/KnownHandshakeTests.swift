import LocalChannel
import Testing

/// The bytes of one handshake. Proofs and tags are those of `openssl dgst -mac HMAC` and `sha256sum`, over
/// what SPECIFICATION says.
@Suite struct KnownHandshakeTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func hex(_ byte: String, _ count: Int) -> String { String(repeating: byte, count: count) }

    @Test func handshake_isThatOfOpenSSL() throws {
        let one = try ChannelEnd(.initiator, nonce: 1)
        let other = try ChannelEnd(.responder, nonce: 2)
        let hello = try one.hello()
        #expect(hex(hello) == "5349434543484131" + "0100000000000000" + hex("01", 32))
        let answer = try other.answer(hello)
        #expect(
            hex(answer) == "5349434543484131" + "0200000000000000" + hex("02", 32)
                + "3da285a927a495da19b9c8c322538d015eb1dafff6f3090c16a19307ab46ba8c")
        let finish = try one.finish(answer)
        #expect(
            hex(finish) == "5349434543484131" + "0300000000000000"
                + "98618bfbb2cd6a96747ea89024544b0397980f3b78bdb7c92863f566a0e07a05")
        try other.accept(finish)
        // The toy cipher's tag is SHA-256 over key, nonce and ciphertext.
        let there = try one.seal([])
        #expect(
            hex(there) == "5349434543484131" + "0400000000000000" + "342984b07df831a44c15921ea207abcc")
        let back = try other.seal([])
        #expect(hex(back) == "5349434543484131" + "0400000000000000" + "331c3c5dab925f7781efaeb95750439a")
    }
}

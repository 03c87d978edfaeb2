import Crypto
import Diagnostics
import SICEABI
import Testing

@Suite struct SymmetricTests {
    @Test func hmac_ofRFC4231Case2() {
        #expect(
            hex(Symmetric.hmac(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func aes128CFB_ofSP800_38A() throws {
        // SP 800-38A, F.3.13, first two blocks.
        let ciphertext = try Symmetric.encryptAES128CFB(
            key: bytes("2b7e151628aed2a6abf7158809cf4f3c"),
            initializationVector: bytes("000102030405060708090a0b0c0d0e0f"),
            bytes("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"))
        #expect(hex(ciphertext) == "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b")
    }

    @Test func reject_aesKeyOfWrongSize() {
        let error = #expect(throws: ToolError.self) {
            try Symmetric.encryptAES128CFB(key: [1, 2, 3], initializationVector: [], [])
        }
        #expect(error?.code == .internalFailure)
    }

    @Test func kdfa_isHMACOfCounterLabelContextsAndBits() {
        let key: [UInt8] = Array(0..<32)
        let first = Symmetric.hmac(
            key: key, [0, 0, 0, 1] + Array("STORAGE".utf8) + [0, 0xAA, 0xBB, 0, 0, 1, 0x80])
        let second = Symmetric.hmac(
            key: key, [0, 0, 0, 2] + Array("STORAGE".utf8) + [0, 0xAA, 0xBB, 0, 0, 1, 0x80])
        let derived = Symmetric.kdfa(
            key: key, label: "STORAGE", contextU: [0xAA], contextV: [0xBB], bits: 384)
        #expect(derived == first + second[..<16])
    }
}

func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16)! }
}

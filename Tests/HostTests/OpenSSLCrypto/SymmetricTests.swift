import Diagnostics
import OpenSSLCrypto
import SICEABI
import Testing

@Suite struct SymmetricTests {
    @Test func hmac_ofRFC4231Case2() {
        #expect(
            hex(
                HashAlgorithm.sha256.hmac(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
            )
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func aes128CFB_ofSP800_38A() throws {
        // SP 800-38A, F.3.13, first two blocks.
        let ciphertext = try Symmetric.encryptAESCFB(
            key: bytes("2b7e151628aed2a6abf7158809cf4f3c"),
            initializationVector: bytes("000102030405060708090a0b0c0d0e0f"),
            bytes("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"))
        #expect(hex(ciphertext) == "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b")
    }

    @Test func reject_aesKeyOfWrongSize() {
        let error = #expect(throws: ToolError.self) {
            try Symmetric.encryptAESCFB(key: [1, 2, 3], initializationVector: [], [])
        }
        #expect(error?.code == .internalFailure)
    }

    @Test func kdfa_isHMACOfCounterLabelContextsAndBits() {
        let key: [UInt8] = Array(0..<32)
        let first = HashAlgorithm.sha256.hmac(
            key: key, [0, 0, 0, 1] + Array("STORAGE".utf8) + [0, 0xAA, 0xBB, 0, 0, 1, 0x80])
        let second = HashAlgorithm.sha256.hmac(
            key: key, [0, 0, 0, 2] + Array("STORAGE".utf8) + [0, 0xAA, 0xBB, 0, 0, 1, 0x80])
        let derived = KeyDerivation.kdfa(
            .sha256, key: key, label: "STORAGE", context: [0xAA, 0xBB], bits: 384)
        #expect(derived == first + second[..<16])
    }

    @Test func hmacAndHash_withSHA384() {
        // RFC 4231, case 2, and FIPS 180-4's "abc".
        #expect(
            hex(
                HashAlgorithm.sha384.hmac(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
            )
                == "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
                + "8e2240ca5e69e2c78b3239ecfab21649")
        #expect(
            hex(HashAlgorithm.sha384.hash(Array("abc".utf8)))
                == "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                + "8086072ba1e7cc2358baeca134c825a7")
    }

    @Test func aes256CFB_ofSP800_38A() throws {
        // SP 800-38A, F.3.17, first block.
        let ciphertext = try Symmetric.encryptAESCFB(
            key: bytes("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"),
            initializationVector: bytes("000102030405060708090a0b0c0d0e0f"),
            bytes("6bc1bee22e409f96e93d7e117393172a"))
        #expect(hex(ciphertext) == "dc7e84bfda79164b7ecd8486985d3860")
    }

    @Test func kdfe_isHashOfCounterSecretLabelAndParties() {
        let tail = Array("IDENTITY".utf8) + [0, 0xAA, 0xBB]
        let first = HashAlgorithm.sha256.hash([0, 0, 0, 1, 7, 8] + tail)
        let second = HashAlgorithm.sha256.hash([0, 0, 0, 2, 7, 8] + tail)
        let derived = KeyDerivation.kdfe(
            .sha256, secret: [7, 8], label: "IDENTITY", parties: [0xAA, 0xBB], bits: 384)
        #expect(derived == first + second[..<16])
    }
}

func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16)! }
}

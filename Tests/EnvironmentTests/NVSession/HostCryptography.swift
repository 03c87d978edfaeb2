import NVSession
import SHA2
import SICEABI
import SealedData
import ToyCipher

/// The vault's cryptography with a cipher for tests, and random numbers that come again.
struct HostCryptography: VaultCryptography {
    private var cipher = ToyCipher()
    private var count: UInt8 = 0
    var hasEntropy = true

    func hash(_ bytes: Span<UInt8>) -> InlineArray<32, UInt8> { SHA256.hash(bytes) }

    mutating func random() throws(ErrorCode) -> InlineArray<32, UInt8> {
        guard hasEntropy else { throw .noEntropy }
        count &+= 1
        return .init(repeating: count)
    }

    mutating func authenticate(_ message: Span<UInt8>, key: Span<UInt8>) -> InlineArray<32, UInt8> {
        cipher.authenticate(message, key: key)
    }

    mutating func run(
        _ bytes: inout MutableSpan<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, encrypts: Bool
    ) -> InlineArray<16, UInt8> {
        cipher.run(&bytes, key: key, nonce: nonce, encrypts: encrypts)
    }
}

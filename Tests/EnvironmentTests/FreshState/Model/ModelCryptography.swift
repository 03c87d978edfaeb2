import NVSession
import SICEABI
import SealedData

/// How the head of a model's history moves on.
enum HistoryRule: Sendable {
    /// As a TPM's extend index does.
    case chain
    /// As a counter does: the head tells how many commits there were, and not of what. A vault with it is fooled.
    case counter
}

/// Cryptography that is quick and that nobody in the model attacks: the model's host moves messages, it breaks no cipher.
struct ModelCryptography: VaultCryptography {
    let rule: HistoryRule
    /// Set anew for each step, so that no number comes twice on one way, whatever way that is.
    var seed: UInt64 = 0

    func hash(_ bytes: Span<UInt8>) -> InlineArray<32, UInt8> {
        // FNV-1a over words, its parts then mixed once more.
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        var word: UInt64 = 0
        for index in 0..<bytes.count {
            word = word << 8 | UInt64(bytes[index])
            if index & 7 == 7 || index == bytes.count - 1 {
                state = (state ^ word ^ UInt64(index)) &* 0x0000_0100_0000_01B3
                state ^= state >> 29
                word = 0
            }
        }
        return Self.spread(state)
    }

    mutating func random() throws(ErrorCode) -> InlineArray<32, UInt8> {
        seed &+= 1
        return Self.spread(seed)
    }

    mutating func authenticate(_ message: Span<UInt8>, key: Span<UInt8>) -> InlineArray<32, UInt8> {
        var bytes: [UInt8] = []
        for index in 0..<key.count { bytes.append(key[index]) }
        for index in 0..<message.count { bytes.append(message[index]) }
        return hash(bytes.span)
    }

    mutating func run(
        _ bytes: inout MutableSpan<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, encrypts: Bool
    ) -> InlineArray<16, UInt8> {
        let digest = hash(bytes.span)
        return InlineArray { digest[$0] ^ key[$0] ^ nonce[$0 % 12] }
    }

    func extended(
        _ head: InlineArray<32, UInt8>, by digest: InlineArray<32, UInt8>
    ) -> InlineArray<32, UInt8> {
        switch rule {
        case .chain:
            let both = InlineArray<64, UInt8> { $0 < 32 ? head[$0] : digest[$0 - 32] }
            return hash(both.span)
        case .counter:
            var next = head
            next[0] &+= 1
            return next
        }
    }

    private static func spread(_ state: UInt64) -> InlineArray<32, UInt8> {
        var value = state
        return InlineArray { _ in
            value = value &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1
            return UInt8(truncatingIfNeeded: value >> 56)
        }
    }
}

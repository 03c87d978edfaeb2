import SealedData
import ToyCipher

/// The toy cipher; or one that leaves a part of the transcript out of all that is made of it, as a protocol
/// without that part would: what the model of the host must find.
struct ForgetfulCipher: SealedDataCipher {
    enum Part: CaseIterable {
        /// Both proofs are of the same bytes.
        case role
        case label
        case initiatorsNonce
        case respondersNonce
        /// Names, and which key is whose.
        case direction
    }

    var forgets: Part?
    private var cipher = ToyCipher()

    init(forgets: Part?) { self.forgets = forgets }

    mutating func authenticate(_ message: Span<UInt8>, key: Span<UInt8>) -> InlineArray<32, UInt8> {
        var bytes = message.indices.map { message[$0] }
        forget(in: &bytes)
        return cipher.authenticate(bytes.span, key: key)
    }

    mutating func run(
        _ bytes: inout MutableSpan<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, encrypts: Bool
    ) -> InlineArray<16, UInt8> {
        cipher.run(&bytes, key: key, nonce: nonce, encrypts: encrypts)
    }

    /// Purpose is at 16, label at 24, names at 32, nonces at 128 and 160.
    private func forget(in transcript: inout [UInt8]) {
        switch forgets {
        case .role: if transcript[16] == 4 { transcript[16] = 3 }
        case .label: transcript.erase(24..<32)
        case .initiatorsNonce: transcript.erase(128..<160)
        case .respondersNonce: transcript.erase(160..<192)
        case .direction:
            if transcript[16] == 2 { transcript[16] = 1 }
            transcript.erase(32..<128)
        case nil: break
        }
    }
}

extension [UInt8] {
    fileprivate mutating func erase(_ range: Range<Int>) { for index in range { self[index] = 0 } }
}

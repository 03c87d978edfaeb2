internal import IsolatedWorkload
internal import SICEABI

/// The data of one signing request, hashed as it arrives.
struct SignRequest: ~Copyable {
    private var digest = SHA256Digest()
    private var isOpen = false
    private var buffer = InlineArray<4096, UInt8>(repeating: 0)

    /// Forgets what came so far.
    mutating func abandon() { isOpen = false }

    /// Takes the next chunk; false when it continues a request that never began.
    mutating func take(_ chunk: Chunk, from mailbox: inout Mailbox) throws(ErrorCode) -> Bool {
        if chunk.isFirst {
            digest = SHA256Digest()
            isOpen = true
        }
        guard isOpen else { return false }
        var offset = 0
        while offset < chunk.length {
            // A private copy first: the host can change the window while it is hashed.
            let count = min(4096, chunk.length - offset)
            var bytes = buffer.mutableSpan
            try mailbox.read(count, at: offset, into: &bytes)
            digest.update(bytes.span.extracting(0..<count))
            offset += count
        }
        return true
    }

    /// The digest of everything taken.
    mutating func finish() -> InlineArray<32, UInt8> {
        isOpen = false
        return digest.finish()
    }
}

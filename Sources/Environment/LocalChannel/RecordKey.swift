import SealedData

/// One direction of a channel: its key, and the number of the next record.
///
/// Nonce of a record: its number (u64), then 1 for the last and 0 for any other (u32), as in STREAM (Hoang et
/// al., CRYPTO 2015). So a record is right in one channel, one direction, at one place, and as the last or
/// not as the last.
struct RecordKey {
    private var key: InlineArray<32, UInt8>
    private var number: UInt64 = 0
    private(set) var isOver = false

    init(_ key: InlineArray<32, UInt8>) { self.key = key }

    /// A direction that never was.
    static var over: RecordKey {
        var key = RecordKey(.init(repeating: 0))
        key.end()
        return key
    }

    /// Encrypts or decrypts the next record in place. The tag of its ciphertext.
    mutating func run<Cipher: SealedDataCipher>(
        _ text: inout MutableSpan<UInt8>, isLast: Bool, encrypts: Bool, _ cipher: inout Cipher
    ) -> InlineArray<16, UInt8> {
        var nonce = InlineArray<12, UInt8>(repeating: 0)
        for index in 0..<8 { nonce[index] = UInt8(truncatingIfNeeded: number &>> UInt64(index &* 8)) }
        nonce[8] = isLast ? 1 : 0
        let tag = cipher.run(&text, key: key.span, nonce: nonce.span, encrypts: encrypts)
        number &+= 1
        // A number that came round would be a nonce used twice. Nobody lives to see it.
        if isLast || number == 0 { end() }
        return tag
    }

    mutating func end() {
        isOver = true
        key = .init(repeating: 0)
    }
}

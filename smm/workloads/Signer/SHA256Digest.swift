internal import CBearSSL

/// SHA-256 by BearSSL.
@safe struct SHA256Digest: ~Copyable {
    private var context = unsafe br_sha256_context()

    init() { unsafe br_sha256_init(&context) }

    mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer {
            unsafe bearssl_sha256_update(&context, $0.baseAddress, $0.count)
        }
    }

    mutating func finish() -> InlineArray<32, UInt8> {
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var span = digest.mutableSpan
        unsafe span.withUnsafeMutableBufferPointer { unsafe br_sha256_out(&context, $0.baseAddress) }
        return digest
    }
}

internal import CBearSSL
internal import SICEABI

/// A P-256 key made from a seed, used with ECDSA and deterministic nonces.
struct SigningKey: ~Copyable {
    private var secret = InlineArray<32, UInt8>(repeating: 0)
    /// The public key: an uncompressed point.
    var publicPoint = InlineArray<65, UInt8>(repeating: 0)

    /// Throws `noEntropy` when the seed gives no key.
    init(seed: consuming InlineArray<32, UInt8>) throws(ErrorCode) {
        guard SigningKey.makeSecret(&seed, &secret), SigningKey.makePoint(&secret, &publicPoint) else {
            throw .noEntropy
        }
    }

    /// What reports carry: SHA-256 of the public point, then zeros.
    mutating func workloadData() -> InlineArray<64, UInt8> {
        var hash = SHA256Digest()
        hash.update(publicPoint.span)
        let digest = hash.finish()
        return InlineArray { $0 < 32 ? digest[$0] : 0 }
    }

    /// The signature r ‖ s of a digest.
    mutating func sign(_ digest: consuming InlineArray<32, UInt8>) throws(ErrorCode) -> InlineArray<64, UInt8>
    {
        var signature = InlineArray<64, UInt8>(repeating: 0)
        var secretBytes = secret.mutableSpan
        var digestBytes = digest.mutableSpan
        var output = signature.mutableSpan
        let done = unsafe secretBytes.withUnsafeMutableBufferPointer { secret in
            unsafe digestBytes.withUnsafeMutableBufferPointer { digest in
                unsafe output.withUnsafeMutableBufferPointer { output in
                    unsafe bearssl_p256_sign(secret.baseAddress, digest.baseAddress, output.baseAddress)
                }
            }
        }
        guard done == 1 else { throw .invalidArgument }
        return signature
    }

    private static func makeSecret(
        _ seed: inout InlineArray<32, UInt8>, _ secret: inout InlineArray<32, UInt8>
    ) -> Bool {
        var input = seed.mutableSpan
        var output = secret.mutableSpan
        return unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe bearssl_p256_secret(input.baseAddress, output.baseAddress) == 1
            }
        }
    }

    private static func makePoint(
        _ secret: inout InlineArray<32, UInt8>, _ point: inout InlineArray<65, UInt8>
    ) -> Bool {
        var input = secret.mutableSpan
        var output = point.mutableSpan
        return unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe bearssl_p256_public(input.baseAddress, output.baseAddress) == 1
            }
        }
    }
}

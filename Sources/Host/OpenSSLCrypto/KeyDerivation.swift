internal import Bytes

/// How a TPM makes keys out of a shared secret.
public enum KeyDerivation {
    /// KDFa with HMAC (TPM 2.0 Library, Part 1, 11.4.10.2).
    ///
    /// - Parameter label: without the terminating zero byte, which is added here.
    /// - Parameter bits: a multiple of 8.
    public static func kdfa(
        _ algorithm: HashAlgorithm, key: [UInt8], label: String, context: [UInt8], bits: Int
    ) -> [UInt8] {
        blocks(bits) { counter in
            algorithm.hmac(
                key: key, counter + Array(label.utf8) + [0] + context + bigEndian(UInt32(bits)))
        }
    }

    /// KDFe (TPM 2.0 Library, Part 1, 11.4.10.3) of an agreed secret, with the X coordinates of both parties.
    ///
    /// - Parameter label: without the terminating zero byte, which is added here.
    /// - Parameter bits: a multiple of 8.
    public static func kdfe(
        _ algorithm: HashAlgorithm, secret: [UInt8], label: String, parties: [UInt8], bits: Int
    ) -> [UInt8] {
        blocks(bits) { counter in algorithm.hash(counter + secret + Array(label.utf8) + [0] + parties) }
    }

    /// Output of a function of the counter (32 bits, from 1 on), as long as `bits` asks.
    private static func blocks(_ bits: Int, _ block: ([UInt8]) -> [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var counter: UInt32 = 1
        while output.count < bits / 8 {
            output += block(bigEndian(counter))
            counter += 1
        }
        return Array(output[..<(bits / 8)])
    }
}

internal import Bytes
internal import COpenSSL
public import Diagnostics
internal import SICEABI

/// The symmetric parts of TPM credential protection, and randomness.
public enum Symmetric {
    /// Bytes from the system's generator, by OpenSSL. Throws `noEntropy`.
    public static func random(_ count: Int) throws(ToolError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard unsafe RAND_bytes(&bytes, Int32(count)) == 1 else { throw ToolError(.noEntropy) }
        return bytes
    }

    /// HMAC-SHA-256 (FIPS 198-1).
    public static func hmac(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        let result = unsafe HMAC(
            EVP_sha256(), key, Int32(key.count), message, message.count, &code, nil)
        precondition(unsafe result != nil, "libcrypto gave no HMAC")
        return code
    }

    /// AES-128 in CFB mode with 128-bit feedback (SP 800-38A).
    public static func encryptAES128CFB(
        key: [UInt8], initializationVector: [UInt8], _ plaintext: [UInt8]
    ) throws(ToolError) -> [UInt8] {
        guard key.count == 16, initializationVector.count == 16, let context = unsafe EVP_CIPHER_CTX_new()
        else {
            throw ToolError(.internalFailure, "AES-128-CFB key")
        }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: plaintext.count + 16)
        var length: Int32 = 0
        guard unsafe EVP_EncryptInit_ex(context, EVP_aes_128_cfb128(), nil, key, initializationVector) == 1,
            unsafe EVP_EncryptUpdate(context, &output, &length, plaintext, Int32(plaintext.count)) == 1,
            length == Int32(plaintext.count)
        else { throw ToolError(.internalFailure, "AES-128-CFB") }
        return Array(output[..<Int(length)])
    }

    /// KDFa with HMAC-SHA-256 (TPM 2.0 Library, Part 1, 11.4.10.2).
    ///
    /// - Parameter label: without the terminating zero byte, which is added here.
    /// - Parameter bits: a multiple of 8.
    public static func kdfa(
        key: [UInt8], label: String, contextU: [UInt8], contextV: [UInt8], bits: UInt32
    ) -> [UInt8] {
        var output: [UInt8] = []
        var counter: UInt32 = 1
        while output.count < Int(bits / 8) {
            let input =
                bigEndian(counter) + Array(label.utf8) + [0] + contextU + contextV
                + bigEndian(bits)
            output += hmac(key: key, input)
            counter += 1
        }
        return Array(output[..<Int(bits / 8)])
    }
}

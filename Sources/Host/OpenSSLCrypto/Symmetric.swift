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

    /// AES in CFB mode with 128-bit feedback (SP 800-38A). The key has 16 or 32 bytes. Throws
    /// `internalFailure`.
    public static func encryptAESCFB(
        key: [UInt8], initializationVector: [UInt8], _ plaintext: [UInt8]
    ) throws(ToolError) -> [UInt8] {
        let cipher =
            switch key.count {
            case 16: unsafe EVP_aes_128_cfb128()
            case 32: unsafe EVP_aes_256_cfb128()
            default: throw ToolError(.internalFailure, "AES key of \(key.count) bytes")
            }
        guard initializationVector.count == 16, let context = unsafe EVP_CIPHER_CTX_new() else {
            throw ToolError(.internalFailure, "AES-CFB initialization vector")
        }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: plaintext.count + 16)
        var length: Int32 = 0
        guard unsafe EVP_EncryptInit_ex(context, cipher, nil, key, initializationVector) == 1,
            unsafe EVP_EncryptUpdate(context, &output, &length, plaintext, Int32(plaintext.count)) == 1,
            length == Int32(plaintext.count)
        else { throw ToolError(.internalFailure, "AES-CFB") }
        return Array(output[..<Int(length)])
    }
}

internal import COpenSSL
public import Diagnostics
internal import SICEABI

/// The symmetric parts of TPM credential protection, and randomness.
public enum Symmetric {
    /// Bytes from the system's generator, by OpenSSL. Throws `noEntropy`.
    public static func random(_ count: Int) throws(ToolError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        guard sice_random(&span) == 1 else { throw ToolError(.noEntropy) }
        return bytes
    }

    /// AES in CFB mode with 128-bit feedback (SP 800-38A). The key has 16 or 32 bytes. Throws
    /// `internalFailure`.
    public static func encryptAESCFB(
        key: [UInt8], initializationVector: [UInt8], _ plaintext: [UInt8]
    ) throws(ToolError) -> [UInt8] {
        guard [16, 32].contains(key.count) else {
            throw ToolError(.internalFailure, "AES key of \(key.count) bytes")
        }
        guard initializationVector.count == 16 else {
            throw ToolError(.internalFailure, "AES-CFB initialization vector")
        }
        var output = [UInt8](repeating: 0, count: plaintext.count)
        var span = output.mutableSpan
        guard sice_encrypt_cfb(key.span, initializationVector.span, plaintext.span, &span) == 1 else {
            throw ToolError(.internalFailure, "AES-CFB")
        }
        return output
    }
}

internal import Diagnostics
internal import OpenSSLCrypto
internal import SICEABI
internal import StrictJSON

/// A P-256 public key as people have it in files.
enum PublicKeyFile {
    /// The point of a key in PEM or of the bare 65 bytes. Throws `invalidArgument`.
    static func point(_ bytes: [UInt8], path: String) throws(ToolError) -> [UInt8] {
        let encoding = pem(bytes) ?? DER.subjectPublicKeyInfo(p256Point: bytes)
        let point = Array(encoding.suffix(ABI.publicKeySize))
        guard encoding == DER.subjectPublicKeyInfo(p256Point: point), PublicKey(p256Point: point) != nil
        else {
            throw ToolError(.invalidArgument, "\(path): not a P-256 public key")
        }
        return point
    }

    private static func pem(_ bytes: [UInt8]) -> [UInt8]? {
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard lines.first == "-----BEGIN PUBLIC KEY-----", lines.last == "-----END PUBLIC KEY-----" else {
            return nil
        }
        return Base64.decode(lines.dropFirst().dropLast().joined())
    }
}

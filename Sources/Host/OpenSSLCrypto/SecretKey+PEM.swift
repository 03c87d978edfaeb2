internal import Foundation

extension SecretKey {
    /// Takes a PEM file (RFC 7468), as `openssl genpkey` and `openssl ecparam -genkey` write it. Nil when it
    /// holds no P-256 key, or an encrypted one.
    public init?(pem: [UInt8]) {
        let lines = String(decoding: pem, as: UTF8.self).split(whereSeparator: \.isNewline)
        for label in ["PRIVATE KEY", "EC PRIVATE KEY"] {
            // `openssl ecparam -genkey` writes the curve's parameters before the key.
            guard let begin = lines.firstIndex(of: "-----BEGIN \(label)-----"),
                let end = lines.firstIndex(of: "-----END \(label)-----"), begin < end,
                let encoding = Data(base64Encoded: lines[(begin + 1)..<end].joined()),
                let key = SecretKey(encoding: [UInt8](encoding))
            else { continue }
            self = key
            return
        }
        return nil
    }
}

internal import Foundation

/// Textual encoding (RFC 7468).
public enum PEM {
    /// Bytes between BEGIN and END lines of the given label, 64 characters a line.
    public static func encode(_ bytes: [UInt8], label: String) -> String {
        let options: Data.Base64EncodingOptions = [.lineLength64Characters, .endLineWithLineFeed]
        return "-----BEGIN \(label)-----\n\(Data(bytes).base64EncodedString(options: options))\n"
            + "-----END \(label)-----\n"
    }
}

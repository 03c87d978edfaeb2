public import Diagnostics
internal import OpenSSLCrypto
internal import SICEABI
public import StrictJSON

/// What a verifier keeps of the challenge that it sent, so that no answer can bring its own: schema
/// `sice.challenge/1`.
public struct Challenge: Equatable, Sendable {
    public static let schema = "sice.challenge/1"

    public let nonce: [UInt8]

    /// A fresh one. Throws `noEntropy`.
    public init() throws(ToolError) { nonce = try Symmetric.random(ABI.nonceSize) }

    /// One that somebody else chose. Throws `usage` unless it is 32 bytes in hexadecimal.
    public init(hex: String) throws(ToolError) {
        guard let bytes = Hex.decode(hex.lowercased()), bytes.count == ABI.nonceSize else {
            throw ToolError(.usage, "a nonce is \(ABI.nonceSize) bytes in hexadecimal")
        }
        nonce = bytes
    }

    /// Parses a record. Throws `invalidArgument`.
    public init(_ bytes: [UInt8], path: String) throws(ToolError) {
        var fields = try JSONFields(
            document: bytes, schema: Challenge.schema, context: path, errors: .init(.invalidArgument))
        nonce = try fields.hex("nonce", count: ABI.nonceSize)
        try fields.finish()
    }

    /// The record as JSON.
    public var json: JSON {
        .object(["schema": .string(Challenge.schema), "nonce": .string(Hex.encode(nonce))])
    }
}

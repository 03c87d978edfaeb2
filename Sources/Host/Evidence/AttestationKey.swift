internal import Bytes
public import Diagnostics
internal import OpenSSLCrypto
internal import SICEABI
internal import TPMStructures

/// A TPM's attestation key: P-256, and by its attributes one that signs only what the TPM itself made.
public struct AttestationKey: Equatable, Sendable {
    /// TPM2B_PUBLIC.
    public let publicArea: [UInt8]
    /// Uncompressed point.
    public let point: [UInt8]
    /// Name (TPM 2.0 Library, Part 1, 16): 0x000B ‖ SHA-256 of the public area.
    public let name: [UInt8]

    /// Throws `evidenceMalformedQuote` for anything but a restricted P-256 signing key that cannot leave its TPM.
    public init(_ publicArea: [UInt8]) throws(ToolError) {
        self.publicArea = publicArea
        do throws(TPMStructureError) {
            let area = try TPMPublicArea(publicArea.span)
            guard area.kind == .p256, area.nameAlgorithm == .sha256, area.isECDSAWithSHA256,
                AttestationKeyAttributes.areAccepted(area.attributes)
            else { throw .unsupported }
            point = [0x04] + AttestationKey.padded(area.first) + AttestationKey.padded(area.second)
            name = [0x00, 0x0B] + SHA256.hash([UInt8](area.marshalled))
        } catch {
            throw ToolError(
                error == .truncated ? .evidenceTruncated : .evidenceMalformedQuote,
                "attestation key: \(error)")
        }
        guard PublicKey(p256Point: point) != nil else {
            throw ToolError(.evidenceMalformedQuote, "attestation key: not a point on the curve")
        }
    }

    /// Coordinates may come without leading zeros.
    private static func padded(_ coordinate: Span<UInt8>) -> [UInt8] {
        [UInt8](repeating: 0, count: 32 - coordinate.count) + [UInt8](coordinate)
    }

    /// Whether a TPMT_SIGNATURE over the message is this key's. Throws `evidenceMalformedQuote`.
    public func isValidSignature(_ encoding: [UInt8], message: [UInt8]) throws(ToolError) -> Bool {
        let parts: (r: [UInt8], s: [UInt8])
        do throws(TPMStructureError) {
            let signature = try TPMSignature(encoding.span)
            parts = ([UInt8](signature.r), [UInt8](signature.s))
        } catch {
            throw ToolError(
                error == .truncated ? .evidenceTruncated : .evidenceMalformedQuote,
                "quote signature: \(error)")
        }
        guard let key = PublicKey(p256Point: point) else { return false }
        return key.isValidSignature(r: parts.r, s: parts.s, message: message)
    }
}

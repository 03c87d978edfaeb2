internal import Bytes
internal import Diagnostics
internal import OpenSSLCrypto
internal import SICEABI
internal import TPMStructures

/// A TPM's endorsement key as its public area describes it: to whom a credential is encrypted, and how.
struct EndorsementKey {
    let key: PublicKey
    /// The key's name algorithm: the hash of everything that protects a credential (Part 1, 24).
    let hash: HashAlgorithm
    /// Bytes of the AES key that encrypts a credential.
    let cipherKeySize: Int

    /// Reads a TPM2B_PUBLIC. Throws `enrollmentUnreadable` when it is malformed, `endorsementKeyRefused` for
    /// a key, name algorithm, cipher or attributes that are not an endorsement key's.
    init(_ publicArea: [UInt8]) throws(ToolError) {
        let parts: (encoding: [UInt8], attributes: UInt32)
        do throws(TPMStructureError) {
            let area = try TPMPublicArea(publicArea.span)
            guard area.cipherKeyBits > 0 else { throw .unsupported }
            hash = area.nameAlgorithm == .sha256 ? .sha256 : .sha384
            cipherKeySize = Int(area.cipherKeyBits / 8)
            parts = (EndorsementKey.subjectPublicKeyInfo(area), area.attributes)
        } catch {
            throw ToolError(
                error == .unsupported ? .endorsementKeyRefused : .enrollmentUnreadable,
                "endorsement key: \(error)")
        }
        guard EndorsementKey.isGuarded(parts.attributes) else {
            throw ToolError(.endorsementKeyRefused, "endorsement key: not a restricted decryption key")
        }
        guard let key = PublicKey(subjectPublicKeyInfo: parts.encoding) else {
            throw ToolError(.enrollmentUnreadable, "endorsement key: neither an RSA key nor a point")
        }
        self.key = key
    }

    /// Whether the TPM made the key, keeps it, and decrypts with it only what it looks at itself.
    private static func isGuarded(_ attributes: UInt32) -> Bool {
        let needed =
            TPMObjectAttributes.fixedTPM | TPMObjectAttributes.fixedParent
            | TPMObjectAttributes.sensitiveDataOrigin | TPMObjectAttributes.restricted
            | TPMObjectAttributes.decrypt
        return attributes & needed == needed && attributes & TPMObjectAttributes.sign == 0
    }

    private static func subjectPublicKeyInfo(_ area: borrowing TPMPublicArea) -> [UInt8] {
        let (first, second) = ([UInt8](area.first), [UInt8](area.second))
        switch area.kind {
        case .rsa(_, let exponent):
            return DER.subjectPublicKeyInfo(rsaModulus: first, exponent: bigEndian(exponent))
        case .p256: return DER.subjectPublicKeyInfo(point: point(first, second, 32), on: .p256)
        case .p384: return DER.subjectPublicKeyInfo(point: point(first, second, 48), on: .p384)
        }
    }

    /// Coordinates may come without leading zeros; `TPMPublicArea` takes none that is longer than `size`.
    private static func point(_ x: [UInt8], _ y: [UInt8], _ size: Int) -> [UInt8] {
        [x, y].reduce([0x04]) { $0 + [UInt8](repeating: 0, count: size - $1.count) + $1 }
    }
}

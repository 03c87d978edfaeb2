internal import Appraisal
internal import AttestClient
internal import Bytes
internal import Diagnostics
internal import Evidence
internal import EvidenceFormat
internal import OpenSSLCrypto
internal import SICEABI
internal import StrictJSON

/// Enrollment of what is no TPM. Whoever gets through here needs no other attack.
extension EvidenceRedTeam {
    static let enrollments = [
        enrollment(
            "E50", "certificate of something else of the same CA",
            success: "who holds any key that the CA certified is a TPM", .endorsementNotForTPM
        ) { scene throws(Unavailable) in
            var request = scene.request
            request.endorsementCertificate = try authority(scene)
            return Attempt(request, scene.authorities)
        },
        enrollment(
            "E51", "certificate that the CA did not sign", success: "a TPM is who says that it is one",
            .endorsementUntrusted
        ) { scene throws(Unavailable) in
            var request = scene.request
            request.endorsementCertificate[request.endorsementCertificate.count - 1] ^= 1
            return Attempt(request, scene.authorities)
        },
        enrollment(
            "E52", "endorsement key of a program beside a TPM's certificate",
            success: "a program decrypts the secret that only a TPM should", .endorsementOfAnotherKey
        ) { scene throws(Unavailable) in
            var request = scene.request
            request.endorsementKey = endorsementArea(SoftwareKey())
            return Attempt(request, scene.authorities)
        },
        enrollment(
            "E53", "enrollment of a key that signs anything",
            success: "root's own structures pass for quotes",
            .enrollmentUnreadable
        ) { scene throws(Unavailable) in
            var request = scene.request
            request.attestationKey[7] ^= 1  // TPMA_OBJECT.restricted
            return Attempt(request, scene.authorities)
        },
        enrollment(
            "E54", "attestation key of a program, the secret guessed",
            success: "a program quotes in the name of a TPM that does not hold its key", .enrollmentFailed
        ) { scene throws(Unavailable) in
            var request = scene.request
            request.attestationKey = try exchangingPoint(request.attestationKey, SoftwareKey())
            return Attempt(request, scene.authorities, guess: [UInt8](repeating: 0, count: 32))
        },
    ]

    private static func enrollment(
        _ number: String, _ name: String, success: String, _ code: ErrorCode,
        _ forge: @escaping @Sendable (EnrollmentScene) throws(Unavailable) -> Attempt
    ) -> EvidenceAttack {
        EvidenceAttack(number, name, threat: "T18", success: success, wall: .enrollment(code)) {
            scene throws(Unavailable) in
            guard let enrollment = scene.enrollment else {
                throw Unavailable(reason: "no enrollment of a machine")
            }
            return try forge(enrollment)
        }
    }

    /// A CA's own certificate, of a kind of key that endorsement keys have as well.
    private static func authority(_ scene: EnrollmentScene) throws(Unavailable) -> [UInt8] {
        let blocks = String(decoding: scene.authorities, as: UTF8.self).components("CERTIFICATE")
        for block in blocks {
            guard let encoding = Base64.decode(block), isUsable(encoding) else { continue }
            return encoding
        }
        throw Unavailable(reason: "no CA with a key that an endorsement key could have")
    }

    private static func isUsable(_ encoding: [UInt8]) -> Bool {
        do throws(ToolError) {
            switch try Certificate(encoding).publicKey().kind {
            case .rsa(2048), .rsa(3072), .elliptic: return true
            case .rsa, .other: return false
            }
        } catch { return false }
    }

    /// TPM2B_PUBLIC of template L-2 with a key of a program: attributes prove nothing.
    private static func endorsementArea(_ key: SoftwareKey) -> [UInt8] {
        let policy = [UInt8](repeating: 0, count: 32)
        return sized(
            [0x00, 0x23, 0x00, 0x0B, 0x00, 0x03, 0x00, 0xB2] + sized(policy)
                + [0x00, 0x06, 0x00, 0x80, 0x00, 0x43, 0x00, 0x10, 0x00, 0x03, 0x00, 0x10]
                + sized(Array(key.point[1..<33])) + sized(Array(key.point[33...])))
    }
}

extension String {
    /// What stands between the BEGIN and END lines of a label (RFC 7468), without line breaks.
    fileprivate func components(_ label: String) -> [String] {
        var blocks: [String] = []
        var isInside = false
        for line in split(whereSeparator: \.isNewline) {
            if line == "-----BEGIN \(label)-----" {
                blocks.append("")
                isInside = true
            } else if line == "-----END \(label)-----" {
                isInside = false
            } else if isInside {
                blocks[blocks.count - 1] += line
            }
        }
        return blocks
    }
}

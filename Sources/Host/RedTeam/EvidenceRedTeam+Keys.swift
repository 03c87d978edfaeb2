internal import Appraisal
internal import Bytes
internal import Evidence
internal import EvidenceFormat
internal import OpenSSLCrypto
internal import SICEABI

/// Keys that no measured manager and no TPM made.
extension EvidenceRedTeam {
    static let keys = [
        EvidenceAttack(
            "E10", "quote by a key that a program holds", threat: "T18",
            success: "a program without a TPM attests whatever it likes",
            wall: .checks([.attestationKey, .quoteSignature])
        ) { scene throws(Unavailable) in
            let key = SoftwareKey()
            var bundle = scene.honest
            bundle.quoteSignature = signature(key, bundle.quote)
            // The public area is the enrolled one but for its point: attributes prove nothing.
            bundle.attestationKey = try exchangingPoint(bundle.attestationKey, key)
            return Attempt(bundle, scene.expectations)
        },
        EvidenceAttack(
            "E11", "quote by a program under the enrolled key's name", threat: "T18",
            success: "the name of the enrolled key is enough", wall: .checks([.quoteSignature])
        ) { scene throws(Unavailable) in
            var bundle = scene.honest
            bundle.quoteSignature = signature(SoftwareKey(), bundle.quote)
            return Attempt(bundle, scene.expectations)
        },
        EvidenceAttack(
            "E12", "attestation key that signs anything", threat: "T18",
            success: "a key of the TPM signs structures that root wrote",
            wall: .parser(.evidenceMalformedQuote)
        ) { scene throws(Unavailable) in
            var bundle = scene.honest
            bundle.attestationKey[7] ^= 1  // TPMA_OBJECT.restricted
            return Attempt(bundle, scene.expectations)
        },
        EvidenceAttack(
            "E13", "report under a key of the attacker", threat: "T15",
            success: "reports need no security manager", wall: .checks([.reportKey, .referenceValues])
        ) { scene throws(Unavailable) in
            let forged = try scene.resign(scene.honest, SoftwareKey())
            return Attempt(try scene.requote(forged), scene.expectations)
        },
        EvidenceAttack(
            "E14", "report key that root extended later", threat: "T15",
            success: "root vouches for a report key as the payload does",
            wall: .checks([.reportKey, .referenceValues])
        ) { scene throws(Unavailable) in
            let key = SoftwareKey()
            var log = try LogEditor(scene)
            let event = BootLog.Event(
                pcr: UInt32(BootMeasurement.configurationPCR), type: log.events[0].type,
                digest: SHA256.hash(key.point), data: Array("\(BootMeasurement.reportKey)".utf8))
            log.events.append(event)
            var forged = try scene.resign(scene.honest, key)
            (forged.eventLog, forged.pcrs) = (try log.bytes, log.pcrs)
            return Attempt(try scene.requote(forged, after: [event.step]), scene.expectations)
        },
        EvidenceAttack(
            "E15", "report key exchanged beside an honest report", threat: "T15",
            success: "a report is taken that the named key did not sign",
            wall: .checks([.reportSignature, .reportKey, .referenceValues])
        ) { scene throws(Unavailable) in
            var bundle = scene.honest
            bundle.reportKey = SoftwareKey().point
            return Attempt(bundle, scene.expectations)
        },
    ]

    /// TPMT_SIGNATURE: ECDSA with SHA-256.
    static func signature(_ key: SoftwareKey, _ message: [UInt8]) -> [UInt8] {
        let parts = key.sign(message)
        return [0x00, 0x18, 0x00, 0x0B] + sized(parts.r) + sized(parts.s)
    }

    /// TPM2B_PUBLIC of a P-256 key with another point, whose coordinates stand last.
    static func exchangingPoint(
        _ area: [UInt8], _ key: SoftwareKey
    ) throws(Unavailable) -> [UInt8] {
        let curve: [UInt8] = [0x00, 0x03, 0x00, 0x10]  // P-256, no key derivation
        guard let place = area.indices.first(where: { area[$0...].starts(with: curve) }) else {
            throw Unavailable(reason: "the attestation key is not on P-256")
        }
        let before = Array(area[2..<(place + curve.count)])
        return sized(before + sized(Array(key.point[1..<33])) + sized(Array(key.point[33...])))
    }
}

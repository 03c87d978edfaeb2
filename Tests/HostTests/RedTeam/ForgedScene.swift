import Appraisal
import AttestClient
import Evidence
import EvidenceForge
import EvidenceFormat
import OpenSSLCrypto
import RedTeam
import ReportFormat
import SICEABI

extension EvidenceScene {
    /// A verifier's world with everything in it that an attacker could wish for.
    static func forged(_ machine: Forge = Forge()) -> EvidenceScene {
        var scene = EvidenceScene(honest: machine.bundle(), expectations: machine.expectations)
        var earlier = machine
        earlier.nonce = SHA256.hash(machine.nonce)
        earlier.claims.nonce = earlier.nonce
        scene.earlier = earlier.bundle()
        scene.otherBoot = nextBoot(of: machine).bundle()
        var other = machine
        other.attestationKey = SoftwareKey()
        scene.otherMachine = other.bundle()
        var debug = nextBoot(of: machine)
        debug.claims.isDebug = true
        debug.claims.measurement = SHA256.hash(Array("debug image".utf8))
        scene.debugImage = debug.bundle()
        scene.signAsRoot = { Self.signature(machine.attestationKey, $0) }
        scene.enrollment = enrollment(of: machine)
        return scene
    }

    private static func enrollment(of machine: Forge) -> EnrollmentScene {
        let authority = CertificateAuthority()
        let key = KeyPair(.rsa(bits: 2048))
        let certificate = authority.issue(CertificateForge(for: key.kind), for: key)
        return EnrollmentScene(
            request: EnrollmentRequest(
                endorsementCertificate: certificate, endorsementKey: key.endorsementArea,
                attestationKey: machine.attestationKeyArea), authorities: authority.pem)
    }

    /// The same machine with another report key and another log.
    private static func nextBoot(of machine: Forge) -> Forge {
        var forge = machine
        forge.reportKey = SoftwareKey()
        forge.claims.bootIdentifier = [UInt8](repeating: 0xB1, count: 16)
        for index in forge.events.indices
        where forge.events[index].digest == SHA256.hash(machine.reportKey.point) {
            forge.events[index].digest = SHA256.hash(forge.reportKey.point)
        }
        forge.runtimeEntries.append(
            RuntimeLogEntry(sequence: UInt64(forge.runtimeEntries.count), event: .crashed))
        forge.closeRuntimeLog()
        return forge
    }

    /// TPMT_SIGNATURE.
    private static func signature(_ key: SoftwareKey, _ message: [UInt8]) -> [UInt8] {
        let (r, s) = key.sign(message)
        return [0x00, 0x18, 0x00, 0x0B, 0, 32] + r + [0, 32] + s
    }
}

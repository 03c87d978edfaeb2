import AttestClient
import Diagnostics
import EvidenceForge
import EvidenceFormat
import SICEABI
import Testing

/// What enrollment asks of an endorsement certificate. Certificates come from one authority throughout: that
/// the chain is right must not be enough.
@Suite struct EndorsementTests {
    let authority = CertificateAuthority()
    static let kinds: [KeyPair.Kind] = [
        .rsa(bits: 2048), .rsa(bits: 3072), .elliptic("P-256"), .elliptic("P-384"),
    ]

    /// The error of an enrollment with this certificate and the endorsement key of `shown`.
    private func failure(_ certificate: [UInt8], shown: KeyPair, authorities: [UInt8]? = nil) -> ToolError? {
        let request = EnrollmentRequest(
            endorsementCertificate: certificate, endorsementKey: shown.endorsementArea,
            attestationKey: Forge().attestationKeyArea)
        do throws(ToolError) {
            _ = try Enroller(authorities: authorities ?? authority.pem).challenge(request)
            return nil
        } catch { return error }
    }

    /// The error after a change of an otherwise good certificate for a P-256 key.
    private func failure(_ change: (inout CertificateForge) -> Void) -> ToolError? {
        let key = KeyPair(.elliptic("P-256"))
        var forge = CertificateForge(for: key.kind)
        change(&forge)
        return failure(authority.issue(forge, for: key), shown: key)
    }

    @Test(arguments: kinds) func accept_everyKindOfKey(_ kind: KeyPair.Kind) {
        let key = KeyPair(kind)
        #expect(failure(authority.issue(CertificateForge(for: kind), for: key), shown: key) == nil)
    }

    @Test func accept_whatTheProfileLeavesOpen() {
        #expect(failure { $0["basicConstraints"] = nil } == nil)
        #expect(failure { $0["keyUsage"] = "keyAgreement" } == nil)
        #expect(failure { $0["extendedKeyUsage"] = "serverAuth,2.23.133.8.1" } == nil)
        #expect(failure { $0["1.2.3.4"] = "DER:0500" } == nil)
    }

    @Test func accept_chainThroughAnIntermediate() {
        let intermediate = CertificateAuthority("intermediate", under: authority)
        let key = KeyPair(.elliptic("P-384"))
        let certificate = intermediate.issue(CertificateForge(for: key.kind), for: key)
        #expect(failure(certificate, shown: key, authorities: authority.pem + intermediate.pem) == nil)
        #expect(failure(certificate, shown: key, authorities: intermediate.pem) == nil)
        #expect(failure(certificate, shown: key)?.code == .endorsementUntrusted)
    }

    @Test func reject_certificateOfAServer() {
        let key = KeyPair(.rsa(bits: 2048))
        let error = failure(authority.issue(.server, for: key), shown: key)
        #expect(error?.code == .endorsementNotForTPM)
        #expect(error?.detail.contains("extended key usage 1.3.6.1.5.5.7.3.1, 1.3.6.1.5.5.7.3.2") == true)
    }

    @Test func reject_certificateOfAnAuthority() {
        for (constraint, usage) in [
            ("critical,CA:TRUE", "keyAgreement"), ("critical,CA:TRUE", "keyAgreement,keyCertSign"),
            ("critical,CA:FALSE", "keyAgreement,keyCertSign"),
        ] {
            let error = failure {
                $0["basicConstraints"] = constraint
                $0["keyUsage"] = usage
            }
            #expect(error?.code == .endorsementNotForTPM)
            #expect(error?.detail == "endorsement certificate: it is a CA's certificate")
        }
        #expect(failure(authority.certificate, shown: authority.key)?.code == .endorsementNotForTPM)
    }

    @Test func reject_certificateOutsideItsPeriod() {
        let expired = failure { $0.validity = (-7200, -3600) }
        #expect(expired?.code == .endorsementNotValidNow)
        #expect(expired?.detail == "endorsement certificate: certificate has expired")
        let early = failure { $0.validity = (3600, 7200) }
        #expect(early?.code == .endorsementNotValidNow)
        #expect(early?.detail == "endorsement certificate: certificate is not yet valid")
    }

    @Test func reject_wrongKeyUsage() {
        #expect(
            failure { $0["keyUsage"] = "critical,digitalSignature" }?.detail
                == "endorsement certificate: key usage without keyAgreement")
        #expect(
            failure { $0["keyUsage"] = "keyEncipherment" }?.detail
                == "endorsement certificate: key usage without keyAgreement")
        #expect(failure { $0["keyUsage"] = nil }?.detail == "endorsement certificate: key usage missing")
        #expect(failure { $0["keyUsage"] = nil }?.code == .endorsementNotForTPM)
        let key = KeyPair(.rsa(bits: 2048))
        var forge = CertificateForge(for: key.kind)
        forge["keyUsage"] = "critical,keyAgreement"
        let error = failure(authority.issue(forge, for: key), shown: key)
        #expect(error?.code == .endorsementNotForTPM)
        #expect(error?.detail == "endorsement certificate: key usage without keyEncipherment")
    }

    @Test(arguments: [nil, "clientAuth", "anyExtendedKeyUsage", "2.23.133.8.2", "2.23.133.8.1.1"])
    func reject_wrongExtendedKeyUsage(_ usage: String?) {
        let error = failure { $0["extendedKeyUsage"] = usage }
        #expect(error?.code == .endorsementNotForTPM)
        #expect(error?.detail.contains("not 2.23.133.8.1 (tcg-kp-EKCertificate)") == true)
    }

    @Test func reject_extendedKeyUsageTwice() {
        let error = failure { $0.extensions.append(("extendedKeyUsage", "2.23.133.8.1")) }
        #expect(error?.code == .endorsementNotForTPM)
    }

    @Test func reject_unknownCriticalExtension() {
        let error = failure { $0["1.2.3.4"] = "critical,DER:0500" }
        #expect(error?.code == .endorsementNotForTPM)
        #expect(error?.detail == "endorsement certificate: unhandled critical extension")
    }

    @Test func reject_otherVersion() {
        let error = failure { $0.version = 1 }
        #expect(error?.code == .endorsementNotForTPM)
        #expect(error?.detail == "endorsement certificate: X.509 version 1, not 3")
    }

    @Test func reject_otherAuthority() {
        let key = KeyPair(.elliptic("P-256"))
        // The name of our authority, and what its certificates hold, but signed by somebody else.
        let impostor = CertificateAuthority()
        let forge = CertificateForge(for: key.kind)
        #expect(failure(impostor.issue(forge, for: key), shown: key)?.code == .endorsementUntrusted)
        let own = forge.certificate(of: key, issuer: forge.subject, signedBy: key)
        #expect(failure(own, shown: key)?.code == .endorsementUntrusted)
    }

    /// A server's key signs what only an authority may.
    @Test func reject_issuerThatIsNoAuthority() {
        let server = KeyPair(.rsa(bits: 2048))
        let key = KeyPair(.elliptic("P-256"))
        let certificate = CertificateForge(for: key.kind)
            .certificate(of: key, issuer: "endorsed", signedBy: server)
        let issuer = CertificateForge.server.certificate(
            of: server, issuer: authority.name, signedBy: authority.key)
        let error = failure(
            certificate, shown: key, authorities: authority.pem + CertificateAuthority.pem(issuer))
        #expect(error?.code == .endorsementUntrusted)
    }

    @Test func reject_issuerWithAWeakKey() {
        let weak = CertificateAuthority(key: .rsa(bits: 1024))
        let key = KeyPair(.elliptic("P-256"))
        let certificate = weak.issue(CertificateForge(for: key.kind), for: key)
        #expect(failure(certificate, shown: key, authorities: weak.pem)?.code == .endorsementUntrusted)
    }

    @Test func reject_anotherKey() {
        let key = KeyPair(.elliptic("P-256"))
        let certificate = authority.issue(CertificateForge(for: key.kind), for: key)
        for other in [KeyPair(.elliptic("P-256")), KeyPair(.rsa(bits: 2048))] {
            #expect(failure(certificate, shown: other)?.code == .endorsementOfAnotherKey)
        }
    }

    @Test(arguments: [
        (KeyPair.Kind.rsa(bits: 1024), "RSA 1024"), (.rsa(bits: 4096), "RSA 4096"),
        (.elliptic("P-521"), "secp521r1"),
    ]) func reject_otherKindOfKey(_ kind: KeyPair.Kind, _ name: String) {
        let key = KeyPair(kind)
        let error = failure(authority.issue(CertificateForge(for: kind), for: key), shown: key)
        #expect(error?.code == .endorsementKeyRefused)
        #expect(error?.detail == "endorsement certificate: \(name)")
    }

    @Test func reject_publicAreaOfAnotherKind() {
        let key = KeyPair(.elliptic("P-256"))
        let certificate = authority.issue(CertificateForge(for: key.kind), for: key)
        #expect(failure(certificate, shown: KeyPair(.elliptic("P-521")))?.code == .endorsementKeyRefused)
    }
}

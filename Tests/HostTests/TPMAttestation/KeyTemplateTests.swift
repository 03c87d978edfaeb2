import TPMAttestation
import TPMStructures
import Testing

/// The key that machines make is one that verifiers accept: both sides, by the code of both.
@Suite struct KeyTemplateTests {
    @Test func attestationKey_isWhatVerifiersDemand() throws {
        let template = KeyTemplate.attestationKey
        let area = try TPMPublicArea(template.span)
        #expect(area.attributes == 0x0005_0472)
        #expect(AttestationKeyAttributes.areAccepted(area.attributes))
        #expect(area.kind == .p256 && area.nameAlgorithm == .sha256 && area.isECDSAWithSHA256)
    }

    @Test func reject_attributesWithoutOneThatIsDemanded() {
        for bit in 0..<32 where AttestationKeyAttributes.demanded >> UInt32(bit) & 1 == 1 {
            #expect(
                !AttestationKeyAttributes.areAccepted(AttestationKeyAttributes.made & ~(1 << UInt32(bit))))
        }
        #expect(
            !AttestationKeyAttributes.areAccepted(AttestationKeyAttributes.made | TPMObjectAttributes.decrypt)
        )
    }
}

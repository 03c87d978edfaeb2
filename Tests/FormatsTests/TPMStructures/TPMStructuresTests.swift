import TPMStructures
import Testing

@Suite struct TPMStructuresTests {
    @Test func accept_quoteOfTPM() throws {
        let bytes = Fixtures.quote
        let quote = try TPMQuote(bytes.span)
        let (data, digest) = (array(quote.extraData), array(quote.pcrDigest))
        let (selection, resetCount) = (quote.selection, quote.resetCount)
        #expect(data == [0x00, 0x11, 0x22, 0x33])
        #expect(selection == 1 << 0 | 1 << 2 | 1 << 4 | 1 << 5)
        #expect(digest == Fixtures.bytes("38723a2e5e8a17aa7950dc008209944e898f69a7bd10a23c839d341e935fd5ca"))
        #expect(resetCount == 1)
    }

    @Test func reject_everyTruncation() {
        for count in 0..<Fixtures.quote.count {
            let bytes = Array(Fixtures.quote[..<count])
            #expect(throws: TPMStructureError.truncated) { _ = try TPMQuote(bytes.span) }
        }
        for count in 0..<Fixtures.signature.count {
            let bytes = Array(Fixtures.signature[..<count])
            #expect(throws: TPMStructureError.truncated) { _ = try TPMSignature(bytes.span) }
        }
        for count in 0..<Fixtures.attestationKey.count {
            let bytes = Array(Fixtures.attestationKey[..<count])
            #expect(throws: TPMStructureError.truncated) { _ = try TPMPublicArea(bytes.span) }
        }
    }

    @Test func reject_trailingBytes() {
        let quote = Fixtures.quote + [0]
        let key = Fixtures.attestationKey + [0]
        let signature = Fixtures.signature + [0]
        #expect(throws: TPMStructureError.trailingBytes) { _ = try TPMQuote(quote.span) }
        #expect(throws: TPMStructureError.trailingBytes) { _ = try TPMPublicArea(key.span) }
        #expect(throws: TPMStructureError.trailingBytes) { _ = try TPMSignature(signature.span) }
    }

    @Test(arguments: [0, 3, 4, 5]) func reject_quoteOfOtherMagicOrType(_ offset: Int) {
        var bytes = Fixtures.quote
        bytes[offset] ^= 1
        #expect(throws: TPMStructureError.wrongMagicOrType) { _ = try TPMQuote(bytes.span) }
    }

    @Test func reject_quoteOfOtherBank() {
        var bytes = Fixtures.quote
        let bank = bytes.count - 34 - 4 - 1
        #expect(bytes[bank] == 0x0B)
        bytes[bank] = 0x04  // SHA-1
        #expect(throws: TPMStructureError.unsupported) { _ = try TPMQuote(bytes.span) }
    }

    @Test func accept_attestationKey() throws {
        let bytes = Fixtures.attestationKey
        let key = try TPMPublicArea(bytes.span)
        let (kind, signs, attributes) = (key.kind, key.isECDSAWithSHA256, key.attributes)
        let (x, y, marshalled) = (array(key.first), array(key.second), array(key.marshalled))
        #expect(kind == .p256)
        #expect(signs)
        #expect(attributes & TPMObjectAttributes.restricted != 0)
        #expect(attributes & TPMObjectAttributes.sign != 0)
        #expect(attributes & TPMObjectAttributes.decrypt == 0)
        #expect(marshalled == Array(Fixtures.attestationKey.dropFirst(2)))
        #expect(x == Array(Fixtures.attestationKey.suffix(66).prefix(32)))
        #expect(y == Array(Fixtures.attestationKey.suffix(32)))
    }

    @Test func accept_endorsementKey() throws {
        let bytes = Fixtures.endorsementKey
        let key = try TPMPublicArea(bytes.span)
        let (kind, signs) = (key.kind, key.isECDSAWithSHA256)
        let (modulus, rest, policy) = (array(key.first), array(key.second), array(key.policy))
        #expect(kind == .rsa(bits: 2048, exponent: 65537))
        #expect(!signs)
        #expect(modulus == Array(Fixtures.endorsementKey.suffix(256)))
        #expect(rest.isEmpty)
        #expect(policy.count == 32)
    }

    @Test func reject_keyOfOtherNameAlgorithm() {
        var bytes = Fixtures.attestationKey
        bytes[5] = 0x0D  // SHA-512
        #expect(throws: TPMStructureError.unsupported) { _ = try TPMPublicArea(bytes.span) }
    }

    @Test func reject_signatureOfOtherAlgorithm() {
        var bytes = Fixtures.signature
        bytes[1] = 0x14  // RSASSA
        #expect(throws: TPMStructureError.unsupported) { _ = try TPMSignature(bytes.span) }
    }

    @Test func reject_signatureWithLongInteger() {
        let bytes: [UInt8] = [0, 0x18, 0, 0x0B, 0, 33] + Array(repeating: 1, count: 33) + [0, 1, 1]
        #expect(throws: TPMStructureError.unsupported) { _ = try TPMSignature(bytes.span) }
    }
}

private func array(_ span: Span<UInt8>) -> [UInt8] { span.indices.map { span[$0] } }

import ByteIO
import SealedData

/// What both proofs and both record keys are made of, 192 bytes, little-endian: ASCII "SICE-CHANNEL-1" and
/// two zeros, purpose and label (u64 each), initiator and responder (48 bytes each), their nonces (32 bytes
/// each).
struct HandshakeTranscript {
    /// No two values that a handshake makes are of the same bytes: what one side says means nothing in the
    /// other's mouth.
    enum Purpose: UInt64 {
        case halfOfInitiatorsKey = 1
        case halfOfRespondersKey = 2
        case initiatorsProof = 3
        case respondersProof = 4
        case initiatorsRecords = 5
        case respondersRecords = 6
    }

    let parties: ChannelParties
    let initiatorsNonce: InlineArray<32, UInt8>
    let respondersNonce: InlineArray<32, UInt8>

    func encoded(for purpose: Purpose) -> InlineArray<192, UInt8> {
        var bytes = InlineArray<192, UInt8>(repeating: 0)
        var fields = bytes.mutableSpan
        fields.storeLittleEndian(0x4148_432D_4543_4953 as UInt64, at: 0)
        fields.storeLittleEndian(0x0000_312D_4C45_4E4E as UInt64, at: 8)
        fields.storeLittleEndian(purpose.rawValue, at: 16)
        fields.storeLittleEndian(parties.label, at: 24)
        parties.initiator.store(at: 32, in: &fields)
        parties.responder.store(at: 80, in: &fields)
        fields.store(initiatorsNonce, at: 128)
        fields.store(respondersNonce, at: 160)
        return bytes
    }
}

/// Proofs and record keys of one handshake.
///
/// Extract, then expand, as in HKDF (RFC 5869): master = HMAC(initiator's key, transcript) xor
/// HMAC(responder's key, transcript), each for a purpose of its own; each value = HMAC(master, transcript),
/// one block, so HKDF's counter is the purpose. HMAC is a pseudorandom function: to whoever lacks one of the
/// two keys its half is random, and so is the master, whatever the other half is. So a proof, which is
/// public, shows that its maker has both keys, and tells nothing of the record keys. The nonces are in all of
/// it: one fresh nonce, one's own, makes a fresh master.
struct HandshakeKeys {
    let initiatorsProof: InlineArray<32, UInt8>
    let respondersProof: InlineArray<32, UInt8>
    let initiatorsRecords: InlineArray<32, UInt8>
    let respondersRecords: InlineArray<32, UInt8>

    init<Cipher: SealedDataCipher>(
        _ transcript: HandshakeTranscript, _ keys: ChannelKeys, _ cipher: inout Cipher
    ) {
        func code(_ purpose: HandshakeTranscript.Purpose, _ key: InlineArray<32, UInt8>)
            -> InlineArray<32, UInt8>
        {
            let message = transcript.encoded(for: purpose)
            return cipher.authenticate(message.span, key: key.span)
        }
        var master = code(.halfOfInitiatorsKey, keys.ofInitiator)
        let half = code(.halfOfRespondersKey, keys.ofResponder)
        for index in 0..<32 { master[index] ^= half[index] }
        initiatorsProof = code(.initiatorsProof, master)
        respondersProof = code(.respondersProof, master)
        initiatorsRecords = code(.initiatorsRecords, master)
        respondersRecords = code(.respondersRecords, master)
    }
}

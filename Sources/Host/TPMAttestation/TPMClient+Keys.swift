internal import Bytes
internal import SICEABI
internal import TPM2

extension TPMClient where Transport: ~Copyable {
    /// TPM2_CreatePrimary under the endorsement hierarchy (Part 3 §24.1): handle and TPM2B_PUBLIC.
    mutating func createPrimary(template: [UInt8]) throws(ErrorCode) -> (handle: UInt32, publicArea: [UInt8])
    {
        var builder = try TPMCommandBuilder(
            TPMCommandCode.createPrimary, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(TPMHandle.endorsement)
        try builder.appendEmptyPassword()
        try builder.appendSized([0, 0, 0, 0].span)  // inSensitive: no authorization, no data
        try builder.append(template.span)
        try builder.append(UInt16(0))  // outsideInfo
        try builder.append(UInt32(0))  // creationPCR
        let length = try builder.finish()
        var response = try execute(length)
        let handle = try response.read(UInt32.self)
        _ = try response.read(UInt32.self)  // parameterSize
        return (handle, sized([UInt8](try response.readSized())))
    }

    /// TPM2_Quote over the SHA-256 bank (Part 3 §18.4): TPMS_ATTEST and TPMT_SIGNATURE.
    mutating func quote(
        key: UInt32, qualifyingData: [UInt8], pcrMask: UInt32
    ) throws(ErrorCode) -> (attest: [UInt8], signature: [UInt8]) {
        var builder = try TPMCommandBuilder(TPMCommandCode.quote, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(key)
        try builder.appendEmptyPassword()
        try builder.appendSized(qualifyingData.span)
        try builder.append(TPMAlgorithm.null)  // the key's own scheme
        try builder.appendSelection(mask: pcrMask)
        let length = try builder.finish()
        var response = try execute(length)
        let parameters = Int(try response.read(UInt32.self))
        let attest = [UInt8](try response.readSized())
        return (attest, [UInt8](try response.readBytes(parameters - 2 - attest.count)))
    }

    /// TPM2_PolicySecret with the endorsement hierarchy's (empty) authorization (Part 3 §23.4).
    mutating func policySecret(session: UInt32) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(
            TPMCommandCode.policySecret, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(TPMHandle.endorsement)
        try builder.append(session)
        try builder.appendEmptyPassword()
        try builder.append(UInt16(0))  // nonceTPM
        try builder.append(UInt16(0))  // cpHashA
        try builder.append(UInt16(0))  // policyRef
        try builder.append(UInt32(0))  // expiration
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// TPM2_ActivateCredential with the empty password of the endorsement key, or with a policy session that
    /// exists for this one command.
    mutating func activate(
        attestationKey: UInt32, endorsementKey: UInt32, byPolicy: Bool, credential: [UInt8],
        secret: [UInt8]
    ) throws(ErrorCode) -> [UInt8] {
        let session = byPolicy ? try startPolicySession() : TPMHandle.password
        do throws(ErrorCode) {
            if byPolicy { try policySecret(session: session) }
            return try activateCredential(
                attestationKey: attestationKey, endorsementKey: endorsementKey, session: session,
                credential: credential, secret: secret)
        } catch {
            // A successful activation ends the session; a failed one leaves it.
            if byPolicy { try? flush(session) }
            throw error
        }
    }

    /// TPM2_ActivateCredential (Part 3 §12.5). `credential` and `secret` are TPM2B structures.
    private mutating func activateCredential(
        attestationKey: UInt32, endorsementKey: UInt32, session: UInt32, credential: [UInt8], secret: [UInt8]
    ) throws(ErrorCode) -> [UInt8] {
        var builder = try TPMCommandBuilder(
            TPMCommandCode.activateCredential, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(attestationKey)
        try builder.append(endorsementKey)
        try builder.append(UInt32(18))
        try builder.appendSession(TPMHandle.password)
        try builder.appendSession(session)
        try builder.append(credential.span)
        try builder.append(secret.span)
        let length = try builder.finish()
        var response = try execute(length)
        _ = try response.read(UInt32.self)  // parameterSize
        return [UInt8](try response.readSized())
    }
}

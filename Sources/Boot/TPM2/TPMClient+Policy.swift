public import SICEABI

/// Policy sessions (Part 3 §11, §23). What the TPM refuses is `tpmCommandFailed`.
extension TPMClient where Transport: ~Copyable {
    /// Starts a policy session without salt and binding (TPM2_StartAuthSession, §11.1).
    public mutating func startPolicySession() throws(ErrorCode) -> UInt32 {
        var builder = try TPMCommandBuilder(TPMCommandCode.startAuthSession, in: commandBytes)
        // The session only satisfies a policy; it protects no secret, so that its nonce need not be random.
        let nonce = InlineArray<16, UInt8>(repeating: 0)
        try builder.appendSessionStart(nonce: nonce.span, type: TPMSessionType.policy)
        let length = try builder.finish()
        var response = try execute(length)
        return try response.read(UInt32.self)
    }

    /// TPM2_FlushContext of a session or an object (§28.4).
    public mutating func flush(_ handle: UInt32) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(TPMCommandCode.flushContext, in: commandBytes)
        try builder.append(handle)
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// TPM2_PolicyPCR with the present values of the SHA-256 bank's PCRs (§23.7); bit N of `mask` selects PCR N.
    public mutating func policyPCR(_ session: UInt32, mask: UInt32) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(TPMCommandCode.policyPCR, in: commandBytes)
        try builder.append(session)
        try builder.append(UInt16(0))  // pcrDigest: the TPM takes its own
        try builder.appendSelection(mask: mask)
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// TPM2_PolicyOR of two branches (§23.6); the session is at one of them.
    public mutating func policyOR(
        _ session: UInt32, _ first: InlineArray<32, UInt8>, _ second: InlineArray<32, UInt8>
    ) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(TPMCommandCode.policyOR, in: commandBytes)
        try builder.append(session)
        try builder.append(UInt32(2))
        try builder.appendSized(first.span)
        try builder.appendSized(second.span)
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// TPM2_PolicyAuthorizeNV (§23.22): the session goes on if it is at the policy that the index holds. The
    /// platform's (empty) authorization reads the index.
    public mutating func policyAuthorizeNV(_ session: UInt32, _ index: UInt32) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(
            TPMCommandCode.policyAuthorizeNV, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(TPMHandle.platform)
        try builder.append(index)
        try builder.append(session)
        try builder.appendEmptyPassword()
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// TPM2_PolicyCommandCode (§23.11).
    public mutating func policyCommandCode(_ session: UInt32, _ command: UInt32) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(TPMCommandCode.policyCommandCode, in: commandBytes)
        try builder.append(session)
        try builder.append(command)
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// TPM2_PolicyNvWritten for an index that was never written (§23.20).
    public mutating func policyUnwritten(_ session: UInt32) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(TPMCommandCode.policyNVWritten, in: commandBytes)
        try builder.append(session)
        try builder.append(UInt8(0))
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// TPM2_PolicyPassword (§23.18): like TPM2_PolicyAuthValue to a policy; the value comes as a password, not as
    /// the key of an HMAC.
    public mutating func policyPassword(_ session: UInt32) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(TPMCommandCode.policyPassword, in: commandBytes)
        try builder.append(session)
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// The policy digest of a session (TPM2_PolicyGetDigest, §23.19).
    public mutating func policyDigest(
        _ session: UInt32
    ) throws(ErrorCode) -> InlineArray<32, UInt8> {
        var builder = try TPMCommandBuilder(TPMCommandCode.policyGetDigest, in: commandBytes)
        try builder.append(session)
        let length = try builder.finish()
        var response = try execute(length)
        let found = try response.readSized()
        guard found.count == ABI.digestSize else { throw .tpmCommandFailed }
        var digest = InlineArray<32, UInt8>(repeating: 0)
        for index in 0..<found.count { digest[index] = found[index] }
        return digest
    }

    /// Whether the TPM has a command (TPM2_GetCapability, §30.2).
    public mutating func implements(_ command: UInt32) throws(ErrorCode) -> Bool {
        var builder = try TPMCommandBuilder(TPMCommandCode.getCapability, in: commandBytes)
        try builder.append(TPMCapability.commands)
        try builder.append(command)
        try builder.append(UInt32(1))
        let length = try builder.finish()
        var response = try execute(length)
        _ = try response.read(UInt8.self)  // moreData
        guard try response.read(UInt32.self) == TPMCapability.commands else { throw .tpmCommandFailed }
        // The TPM answers with the next command when it lacks the one asked for, with none behind its last.
        guard try response.read(UInt32.self) == 1 else { return false }
        return try response.read(UInt32.self) & TPMCapability.commandIndex == command
    }
}

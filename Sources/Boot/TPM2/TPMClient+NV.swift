public import SICEABI

/// Indices of NV storage (Part 3 §31). What the TPM refuses is `tpmCommandFailed`.
extension TPMClient where Transport: ~Copyable {
    /// What there is at the handle of `area` (TPM2_NV_ReadPublic, §31.6). Attributes of `area` are not looked at.
    public mutating func state(of area: NVPublicArea) throws(ErrorCode) -> NVIndexState {
        var expected = InlineArray<46, UInt8>(repeating: 0)
        let count = try area.store(in: expected.mutableSpan)
        var builder = try TPMCommandBuilder(TPMCommandCode.nvReadPublic, in: commandBytes)
        try builder.append(area.index)
        let length = try builder.finish()
        var response = try exchange(length)
        if response.code == TPMResponseCode.noSuchIndex { return .absent }
        guard response.code == TPMResponseCode.success else { throw .tpmCommandFailed }
        let found = try response.readSized()
        guard found.count == count else { return .different }
        var attributes: UInt32 = 0
        for position in 0..<count {
            if NVPublicArea.attributesField.contains(position) {
                attributes = attributes << 8 | UInt32(found[position])
            } else if found[position] != expected[position] {
                return .different
            }
        }
        return .alike(attributes: attributes)
    }

    /// TPM2_NV_DefineSpace by the platform (§31.3).
    public mutating func define(
        _ area: NVPublicArea, authValue: InlineArray<32, UInt8>? = nil
    ) throws(ErrorCode) {
        var bytes = InlineArray<46, UInt8>(repeating: 0)
        let count = try area.store(in: bytes.mutableSpan)
        var builder = try TPMCommandBuilder(
            TPMCommandCode.nvDefineSpace, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(TPMHandle.platform)
        try builder.appendEmptyPassword()
        if let authValue { try builder.appendSized(authValue.span) } else { try builder.append(UInt16(0)) }
        try builder.appendSized(bytes.span.extracting(0..<count))
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// TPM2_NV_UndefineSpace by the platform (§31.4), which no index with POLICY_DELETE obeys.
    public mutating func undefine(_ index: UInt32) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(
            TPMCommandCode.nvUndefineSpace, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(TPMHandle.platform)
        try builder.append(index)
        try builder.appendEmptyPassword()
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// TPM2_NV_UndefineSpaceSpecial (§31.5): by the platform and by a session for the index's policy, with the
    /// index's authorization value as password where the policy demands one.
    public mutating func undefineSpecial(
        _ index: UInt32, session: UInt32, password: InlineArray<32, UInt8>?
    ) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(
            TPMCommandCode.nvUndefineSpaceSpecial, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(index)
        try builder.append(TPMHandle.platform)
        try builder.append(UInt32(password == nil ? 18 : 18 + ABI.digestSize))
        try builder.appendSession(session, password)
        try builder.appendSession(TPMHandle.password)
        let length = try builder.finish()
        _ = try execute(length)
    }
}

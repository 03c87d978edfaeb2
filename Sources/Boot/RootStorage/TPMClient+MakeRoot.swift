internal import ByteIO
internal import SHA2
internal import SICEABI
internal import TPM2

extension TPMClient where Transport: ~Copyable {
    /// A new root and authorization value, each from all the randomness of TPM and CPU: one of the two being good is
    /// enough. Throws `noEntropy`.
    mutating func newContents(_ entropy: Span<UInt8>) throws(ErrorCode) -> InlineArray<64, UInt8> {
        guard entropy.count == RootSize.contents, !entropy.isAllZero else { throw .noEntropy }
        var bytes = InlineArray<64, UInt8>(repeating: 0)
        var output = bytes.mutableSpan
        try random(into: &output)
        var contents = InlineArray<64, UInt8>(repeating: 0)
        for half in 0..<2 {
            // ASCII "SICE-ROOT", then which of the two it is.
            let domain: InlineArray<10, UInt8> = [
                0x53, 0x49, 0x43, 0x45, 0x2D, 0x52, 0x4F, 0x4F, 0x54, UInt8(truncatingIfNeeded: half),
            ]
            var hash = SHA256()
            hash.update(domain.span)
            hash.update(bytes.span)
            hash.update(entropy)
            let digest = hash.finish()
            for index in 0..<32 { contents[half &* 32 &+ index] = digest[index] }
        }
        return contents
    }

    /// The nine steps of a first boot, on handles where nothing is. Power may go before each: R comes first, since it
    /// holds what deletes a written P; P1's contents come last and complete the set.
    mutating func build(_ set: RootIndexSet, _ contents: InlineArray<64, UInt8>) throws(ErrorCode) {
        let authValue = StoredRoot(contents, set: 0, isHistoryLost: false).authValue
        let (present, none) = (try presentPolicy(), Self.policyContents(InlineArray(repeating: 0)))
        try define(set.root.unused)
        try write(set.root.index, by: .platform, contents.span)
        try writeLock(set.root.index, by: .platform)
        try define(set.history.unused, authValue: authValue)
        let zeros = InlineArray<32, UInt8>(repeating: 0)
        try extend(set.history.index, by: .authValue(authValue), zeros.span)
        try define(set.policies.0.unused, authValue: authValue)
        try define(set.policies.1.unused, authValue: authValue)
        try write(set.policies.0.index, by: .authValue(authValue), present.span)
        try write(set.policies.1.index, by: .authValue(authValue), none.span)
    }

    /// What P holds for the present PCRs.
    private mutating func presentPolicy() throws(ErrorCode) -> InlineArray<34, UInt8> {
        let session = try startPolicySession()
        do {
            try policyPCR(session, mask: RootPolicy.pcrMask)
            let digest = try policyDigest(session)
            try flush(session)
            return Self.policyContents(digest)
        } catch {
            abandon(session)
            throw error
        }
    }

    /// A TPMT_HA (Part 2 §10.3.2). The digest of zeros is none that a session can be at.
    private static func policyContents(_ digest: InlineArray<32, UInt8>) -> InlineArray<34, UInt8> {
        var contents = InlineArray<34, UInt8>(repeating: 0)
        contents[1] = UInt8(truncatingIfNeeded: TPMAlgorithm.sha256)
        for index in 0..<32 { contents[index &+ 2] = digest[index] }
        return contents
    }
}

internal import SICEABI
internal import TPM2

extension TPMClient where Transport: ~Copyable {
    /// Deletes what a first boot that was cut, or other firmware, left at the handles of a set that is not complete.
    /// false when something stays: a written P whose authorization value nobody has any more.
    mutating func clear(_ set: RootIndexSet) throws(ErrorCode) -> Bool {
        let authValue = try unfinishedAuthValue(set)
        // R last: after another cut it is still there to delete P with.
        guard try deletePolicy(set.policies.1, authValue), try deletePolicy(set.policies.0, authValue),
            try delete(set.history)
        else { return false }
        return try delete(set.root)
    }

    /// The authorization value out of R, if P was written and R opens: power went before the last step.
    private mutating func unfinishedAuthValue(
        _ set: RootIndexSet
    ) throws(ErrorCode) -> InlineArray<32, UInt8>? {
        guard try isInUse(set.root), try isInUse(set.policies.0) else { return nil }
        do {
            return StoredRoot(try readContents(of: set), set: 0, isHistoryLost: false).authValue
        } catch {
            guard error == .rootRefused || error == .rootLocked else { throw error }
            return nil
        }
    }

    private mutating func delete(_ area: NVPublicArea) throws(ErrorCode) -> Bool {
        guard try state(of: area) != .absent else { return true }
        return try deleteByPlatform(area.index)
    }

    /// Deletes P: ours by the branch of its policy that fits, anybody's that only looks like it by the platform.
    private mutating func deletePolicy(
        _ area: NVPublicArea, _ authValue: InlineArray<32, UInt8>?
    ) throws(ErrorCode) -> Bool {
        guard case .alike(let attributes) = try state(of: area) else { return try delete(area) }
        if attributes == area.unused.attributes { return try deleteSpecially(area, nil) }
        guard attributes == area.attributes else { return try deleteByPlatform(area.index) }
        guard let authValue else { return false }
        return try deleteSpecially(area, authValue)
    }

    /// TPM2_NV_UndefineSpaceSpecial of P, with its authorization value or as one that was never written.
    private mutating func deleteSpecially(
        _ area: NVPublicArea, _ authValue: InlineArray<32, UInt8>?
    ) throws(ErrorCode) -> Bool {
        let session = try startPolicySession()
        do {
            if authValue == nil { try policyUnwritten(session) } else { try policyPassword(session) }
            try policyCommandCode(session, TPMCommandCode.nvUndefineSpaceSpecial)
            try policyOR(
                session, PolicyDigest.deletesUnwritten.value, PolicyDigest.deletesByOwner.value)
            try undefineSpecial(area.index, session: session, password: authValue)
        } catch {
            let isRefused = isRefusal(error)
            abandon(session)
            guard isRefused else { throw error }
            return false
        }
        return true
    }

    /// false when the TPM refuses: the index has POLICY_DELETE, or is not there.
    mutating func deleteByPlatform(_ index: UInt32) throws(ErrorCode) -> Bool {
        do { try undefine(index) } catch {
            guard isRefusal(error) else { throw error }
            return false
        }
        return true
    }

    /// Whether the TPM found fault with this very command, rather than failed.
    private func isRefusal(_ error: ErrorCode) -> Bool {
        error == .tpmCommandFailed && TPMResponseCode.concernsInput(responseCode)
    }
}

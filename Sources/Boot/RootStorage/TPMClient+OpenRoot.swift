internal import SICEABI
internal import TPM2

extension TPMClient where Transport: ~Copyable {
    /// Whether R, P0 and P1 are there with exactly their public areas, and written. P1's write ends a first boot.
    mutating func isComplete(_ set: RootIndexSet) throws(ErrorCode) -> Bool {
        guard try isInUse(set.root), try isInUse(set.policies.0) else { return false }
        return try isInUse(set.policies.1)
    }

    /// Whether an index has exactly this public area, but for a lock against reading.
    mutating func isInUse(_ area: NVPublicArea) throws(ErrorCode) -> Bool {
        guard case .alike(let attributes) = try state(of: area) else { return false }
        return attributes & ~NVAttributes.readLocked == area.attributes
    }

    /// Reads and locks the root of a complete set. nil when it is not the one that was made with this set's P: other
    /// firmware put it there, and it is deleted. Throws `rootRefused`, `rootLocked`, `rootNotLocked`.
    mutating func open(_ set: RootIndexSet, _ number: Int) throws(ErrorCode) -> StoredRoot? {
        let contents = try readContents(of: set)
        do { try lock(set) } catch { throw .rootNotLocked }
        let isHistoryLost = try isHistoryLost(set)
        let found = StoredRoot(contents, set: number, isHistoryLost: isHistoryLost)
        guard try isAuthorized(by: found.authValue, set.policies.0) else {
            _ = try deleteByPlatform(set.root.index)
            return nil
        }
        return found
    }

    /// Reads R in a session for its policy. Throws `rootRefused`, `rootLocked`.
    mutating func readContents(of set: RootIndexSet) throws(ErrorCode) -> InlineArray<64, UInt8> {
        let session = try startSession(for: set)
        var contents = InlineArray<64, UInt8>(repeating: 0)
        var output = contents.mutableSpan
        do { try read(set.root.index, by: .policy(session: session), into: &output) } catch {
            let isLocked = error == .tpmCommandFailed && responseCode == TPMResponseCode.locked
            abandon(session)
            throw isLocked ? .rootLocked : error
        }
        return contents
    }

    /// Locks R and reads the lock back. A session opens R once, so that this is another.
    private mutating func lock(_ set: RootIndexSet) throws(ErrorCode) {
        let session = try startSession(for: set)
        do { try readLock(set.root.index, by: .policy(session: session)) } catch {
            abandon(session)
            throw error
        }
        var locked = set.root
        locked.attributes |= NVAttributes.readLocked
        guard try state(of: locked) == .alike(attributes: locked.attributes) else { throw .rootNotLocked }
    }

    /// A session that satisfies R's policy. Throws `rootRefused` when neither P0 nor P1 holds a policy that the
    /// present PCRs satisfy.
    private mutating func startSession(for set: RootIndexSet) throws(ErrorCode) -> UInt32 {
        let session = try startPolicySession()
        do throws(ErrorCode) {
            try policyPCR(session, mask: RootPolicy.pcrMask)
            var isOpen = try authorize(session, set.policies.0)
            if !isOpen { isOpen = try authorize(session, set.policies.1) }
            guard isOpen else { throw .rootRefused }
            try policyOR(session, set.branches.0, set.branches.1)
        } catch {
            abandon(session)
            throw error
        }
        return session
    }

    /// Whether an index holds the policy that the session is at. What else it holds, also half of a write that lost
    /// its power, only does not open.
    private mutating func authorize(_ session: UInt32, _ area: NVPublicArea) throws(ErrorCode) -> Bool {
        do { try policyAuthorizeNV(session, area.index) } catch {
            guard error == .tpmCommandFailed, TPMResponseCode.concernsContents(responseCode) else {
                throw error
            }
            return false
        }
        return true
    }

    /// Whether a value is the authorization of an index. A Name does not cover it, and R can be deleted and made again
    /// by any firmware; but P cannot, and only who read R knows P's authorization.
    private mutating func isAuthorized(
        by value: InlineArray<32, UInt8>, _ area: NVPublicArea
    ) throws(ErrorCode) -> Bool {
        var contents = InlineArray<34, UInt8>(repeating: 0)
        var output = contents.mutableSpan
        do { try read(area.index, by: .authValue(value), into: &output) } catch {
            guard error == .tpmCommandFailed, responseCode == TPMResponseCode.wrongPassword else {
                throw error
            }
            return false
        }
        return true
    }

    /// Whether H is not there as it was made; anything else at its handle is deleted. What authorization it has shows
    /// at its first use.
    private mutating func isHistoryLost(_ set: RootIndexSet) throws(ErrorCode) -> Bool {
        if try isInUse(set.history) { return false }
        _ = try deleteByPlatform(set.history.index)
        return true
    }

    /// Frees a session after a failure, which stays the one to tell about.
    mutating func abandon(_ session: UInt32) {
        try? flush(session)
    }
}

/// What the root is bound to.
enum RootPolicy {
    /// Bit N for PCR N: those that evidence quotes.
    static var pcrMask: UInt32 {
        var mask: UInt32 = 0
        let pcrs = BootMeasurement.quotedPCRs
        for index in 0..<pcrs.count { mask |= 1 &<< pcrs[index] }
        return mask
    }
}

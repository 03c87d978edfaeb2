internal import ByteIO
public import SICEABI
public import TPM2

/// The root of sealed storage: 32 bytes in NV storage that only the firmware which made them, or a successor that it
/// approved, can read, once between a reset and the lock.
extension TPMClient where Transport: ~Copyable {
    /// Reads the root and locks it until the next reset; makes one on a machine that has none. To be called when all
    /// code and configuration that the root shall depend on is in the PCRs (``BootMeasurement/quotedPCRs``), and with
    /// the platform hierarchy open.
    ///
    /// Afterwards the caller closes the platform hierarchy (``TPMClient/closePlatformHierarchy()``), whether this
    /// threw or not, and before anything runs that it does not trust: who has the platform's authorization may delete
    /// the root. And it extends a PCR, so that the policy stays shut even where the lock is not.
    ///
    /// - Parameter entropy: 64 random bytes of the CPU, mixed with the TPM's.
    ///
    /// Throws `rootRefused` when there is a root, for other firmware than what the PCRs hold; `rootLocked` when it was
    /// read since the last reset; `rootUnsupported`, `rootNoPlace`, `rootFailed` and `noEntropy` when there is none
    /// and none can be made. A machine can go on without a root. `rootNotLocked` is for those that must not: the root
    /// was read, and what runs later might read it too.
    public mutating func openRoot(entropy: Span<UInt8>) throws(ErrorCode) -> StoredRoot {
        do {
            let root = if let root = try findRoot() { root } else { try makeRoot(entropy) }
            eraseBuffers()
            return root
        } catch {
            eraseBuffers()
            throw rootError(error)
        }
    }

    /// The root of the first complete set that opens. nil when no set is complete.
    private mutating func findRoot() throws(ErrorCode) -> StoredRoot? {
        var isRefused = false
        for number in 0..<RootIndexSet.count {
            let set = RootIndexSet(number)
            guard try isComplete(set) else { continue }
            do {
                if let root = try open(set, number) { return root }
            } catch {
                // Of firmware that was here before: ours may be in a later set.
                guard error == .rootRefused else { throw error }
                isRefused = true
            }
        }
        guard !isRefused else { throw .rootRefused }
        return nil
    }

    /// Makes a root in the first set that can be had.
    private mutating func makeRoot(_ entropy: Span<UInt8>) throws(ErrorCode) -> StoredRoot {
        guard try implements(TPMCommandCode.policyAuthorizeNV),
            try implements(TPMCommandCode.policyNVWritten),
            try implements(TPMCommandCode.nvUndefineSpaceSpecial)
        else { throw .rootUnsupported }
        let contents = try newContents(entropy)
        for number in 0..<RootIndexSet.count {
            let set = RootIndexSet(number)
            guard try clear(set) else { continue }
            try build(set, contents)
            guard try isComplete(set), var root = try open(set, number) else { throw .rootFailed }
            root.isFresh = true
            return root
        }
        throw .rootNoPlace
    }

    private func rootError(_ error: ErrorCode) -> ErrorCode {
        switch error {
        case .rootRefused, .rootLocked, .rootUnsupported, .rootNoPlace, .rootNotLocked, .noEntropy: error
        case .tpmCommandFailed where lastResponseCode == TPMResponseCode.noSuchCommand: .rootUnsupported
        case .tpmCommandFailed where lastResponseCode == TPMResponseCode.noSpace: .rootNoPlace
        default: .rootFailed
        }
    }
}

import CManager
import ManagerCore
import SICEABI

/// SHA-256 states, randomness and the report key, which stay in BearSSL's memory.
extension SMRAMMachine {
    mutating func beginDigest(_ slot: DigestSlot) { sice_digest_begin(UInt32(slot.index)) }

    mutating func updateDigest(_ slot: DigestSlot, with bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            unsafe sice_digest_update(UInt32(slot.index), start, bytes.count)
        }
    }

    mutating func updateDigest(_ slot: DigestSlot, with page: PoolPage) {
        let start = unsafe Self.pointer(toPhysical: poolBase &+ UInt64(page.index) &* ABI.pageSize)
        unsafe sice_digest_update(UInt32(slot.index), start, Int(ABI.pageSize))
    }

    mutating func finishDigest(_ slot: DigestSlot, into digest: inout MutableSpan<UInt8>) {
        guard digest.count >= ABI.digestSize else { return }
        unsafe digest.withUnsafeMutableBufferPointer { digest in
            guard let start = digest.baseAddress else { return }
            unsafe sice_digest_finish(UInt32(slot.index), start)
        }
    }

    mutating func random(into target: inout MutableSpan<UInt8>) throws(ErrorCode) {
        let isDone = unsafe target.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return true }
            return unsafe sice_random(start, bytes.count) == 1
        }
        guard isDone else { throw .noEntropy }
    }

    mutating func makeReportKey(
        entropy: Span<UInt8>, publicKey: inout MutableSpan<UInt8>
    ) throws(ErrorCode) {
        guard publicKey.count >= ABI.publicKeySize else { throw .noEntropy }
        let isDone = unsafe entropy.withUnsafeBufferPointer { entropy in
            unsafe publicKey.withUnsafeMutableBufferPointer { key in
                guard let seed = entropy.baseAddress, let point = key.baseAddress else { return false }
                return unsafe sice_key_make(seed, entropy.count, point) == 1
            }
        }
        guard isDone else { throw .noEntropy }
    }

    mutating func sign(
        digest: Span<UInt8>, signature: inout MutableSpan<UInt8>
    ) throws(ErrorCode) {
        guard digest.count == ABI.digestSize, signature.count >= 64 else { throw .noReportKey }
        let isDone = unsafe digest.withUnsafeBufferPointer { digest in
            unsafe signature.withUnsafeMutableBufferPointer { signature in
                guard let hash = digest.baseAddress, let start = signature.baseAddress else { return false }
                return unsafe sice_key_sign(hash, start) == 1
            }
        }
        guard isDone else { throw .noReportKey }
    }

    mutating func destroyReportKey() { sice_key_destroy() }
}

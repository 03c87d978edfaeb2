public import SICEABI

/// Whether a file may be used: the payload asks at boot, and the tools that make and judge ROMs ask the same before.
extension CBFSFile {
    /// Refuses a file that can't be used as it is stored: compressed as a whole, or larger than the memory that it is
    /// loaded to. Throws `bootBadCBFS`.
    public func requireUsable(limit: UInt64) throws(ErrorCode) {
        guard !isCompressed, UInt64(dataSize) <= limit else { throw .bootBadCBFS }
    }

    /// Refuses content with another SHA-256 than the one that the file carries in `fileSystem`: a damaged manager could
    /// hang the machine. Against an attacker, only measuring helps. Throws `bootBadCBFS`.
    public func requireDigest(
        _ digest: InlineArray<32, UInt8>, in fileSystem: Span<UInt8>
    ) throws(ErrorCode) {
        guard let digestOffset else { return }
        for index in 0..<32 where fileSystem[digestOffset + index] != digest[index] { throw .bootBadCBFS }
    }
}

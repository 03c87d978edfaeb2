internal import CWorkload
public import SICEABI

/// Services of the security manager (``SICEABI/Service``).
public enum Services {
    /// 32 bytes of the manager's randomness.
    public static func random() throws(ErrorCode) -> InlineArray<32, UInt8> {
        var words = InlineArray<4, UInt64>(repeating: 0)
        var words4 = words.mutableSpan
        try check(unsafe words4.withUnsafeMutableBufferPointer { unsafe sice_random($0.baseAddress) })
        return InlineArray { index in UInt8(truncatingIfNeeded: words[index / 8] >> UInt64(index % 8 * 8)) }
    }

    /// Sets the 64 bytes that later reports about this environment carry.
    public static func setWorkloadData(_ data: InlineArray<64, UInt8>) throws(ErrorCode) {
        var words = InlineArray<8, UInt64>(repeating: 0)
        for index in 0..<64 { words[index / 8] |= UInt64(data[index]) << UInt64(index % 8 * 8) }
        var span = words.mutableSpan
        try check(
            unsafe span.withUnsafeMutableBufferPointer { unsafe sice_set_workload_data($0.baseAddress) })
    }

    /// Ends the program with a status for the host.
    public static func exit(_ status: UInt64) -> Never { sice_exit(status) }

    static func check(_ code: UInt64) throws(ErrorCode) {
        guard code != 0 else { return }
        throw ErrorCode(rawValue: UInt16(truncatingIfNeeded: code)) ?? .unknownService
    }
}

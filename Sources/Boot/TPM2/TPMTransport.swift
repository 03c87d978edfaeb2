public import SICEABI

/// A way to hand one command to a TPM and wait for its answer: TIS registers, /dev/tpmrm0, a socket.
public protocol TPMTransport: ~Copyable {
    /// Sends `command`, stores the answer at the start of `response` and returns its length in bytes.
    /// Throws `bootNoTPM` or `noTPMDevice` when no TPM answers, `bufferTooSmall` when the answer does not fit.
    mutating func transmit(
        _ command: Span<UInt8>, into response: inout MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int
}

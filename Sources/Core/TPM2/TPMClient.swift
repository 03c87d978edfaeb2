public import SICEABI

/// One TPM with room for one command and one answer. Firmware and host use the same type; commands are
/// extensions, so that firmware links only those it calls.
public struct TPMClient<Transport: TPMTransport & ~Copyable>: ~Copyable {
    /// Most bytes of a command or an answer; TIS and the kernel's driver both take 4096.
    public static var bufferSize: Int { 2048 }

    public var transport: Transport
    /// TPM_RC of the last answer, for messages.
    public private(set) var lastResponseCode: UInt32 = 0
    private var command = InlineArray<2048, UInt8>(repeating: 0)
    private var response = InlineArray<2048, UInt8>(repeating: 0)

    public init(_ transport: consuming Transport) {
        self.transport = transport
    }

    /// The command buffer, to be filled by a ``TPMCommandBuilder``.
    public var commandBytes: MutableSpan<UInt8> {
        @_lifetime(&self)
        mutating get { command.mutableSpan }
    }

    /// Sends the first `length` bytes of the command buffer and checks the answer's header.
    /// Throws `tpmCommandFailed` unless the TPM answered TPM_RC_SUCCESS; ``lastResponseCode`` has the code.
    @_lifetime(&self)
    public mutating func execute(_ length: Int) throws(ErrorCode) -> TPMResponse {
        guard length >= 0, length <= Self.bufferSize else { throw .bufferTooSmall }
        var answer = response.mutableSpan
        let received = try transport.transmit(command.span.extracting(0..<length), into: &answer)
        guard received >= 0, received <= Self.bufferSize else { throw .tpmCommandFailed }
        let parsed = try TPMResponse(response.span.extracting(0..<received))
        lastResponseCode = parsed.code
        guard parsed.code == TPMResponseCode.success else { throw .tpmCommandFailed }
        return parsed
    }
}

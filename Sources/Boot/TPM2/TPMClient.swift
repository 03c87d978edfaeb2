public import SICEABI

/// One TPM with room for one command and one answer. Firmware and host use the same type; commands are
/// extensions, so that firmware links only those it calls.
public struct TPMClient<Transport: TPMTransport & ~Copyable>: ~Copyable {
    /// Most bytes of a command or an answer; TIS and the kernel's driver both take 4096.
    public static var bufferSize: Int { 2048 }

    public var transport: Transport
    /// TPM_RC of the last answer that was a failure, for messages; 0 before the first.
    public private(set) var lastResponseCode: UInt32 = 0
    /// TPM_RC of the last command; 0 when it succeeded, or had no answer with a code.
    public private(set) var responseCode: UInt32 = 0
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
    /// Throws `tpmCommandFailed` unless the TPM answered TPM_RC_SUCCESS; ``responseCode`` has the code.
    @_lifetime(&self)
    public mutating func execute(_ length: Int) throws(ErrorCode) -> TPMResponse {
        let parsed = try exchange(length)
        guard parsed.code == TPMResponseCode.success else { throw .tpmCommandFailed }
        return parsed
    }

    /// Sends a command whose failure is an answer too: throws `tpmCommandFailed` only for a malformed one.
    @_lifetime(&self)
    public mutating func exchange(_ length: Int) throws(ErrorCode) -> TPMResponse {
        let received = try transmitWithRetries(length)
        return try TPMResponse(response.span.extracting(0..<received))
    }

    /// Zeroes the buffers, which hold the last command and answer, with the secrets in them, and the ends of longer
    /// ones before.
    public mutating func eraseBuffers() {
        for index in 0..<Self.bufferSize {
            command[index] = 0
            response[index] = 0
        }
    }

    private mutating func transmitWithRetries(_ length: Int) throws(ErrorCode) -> Int {
        guard length >= 0, length <= Self.bufferSize else { throw .bufferTooSmall }
        responseCode = 0
        var received = try transmit(length)
        var attempts = 1
        while TPMResponseCode.asksForRetry(code(received)), attempts < Self.mostAttempts {
            received = try transmit(length)
            attempts += 1
        }
        responseCode = code(received)
        if responseCode != TPMResponseCode.success { lastResponseCode = responseCode }
        return received
    }

    /// A TPM that still tests itself says so a few times; one that says it forever has failed.
    private static var mostAttempts: Int { 100 }

    private mutating func transmit(_ length: Int) throws(ErrorCode) -> Int {
        var answer = response.mutableSpan
        let received = try transport.transmit(command.span.extracting(0..<length), into: &answer)
        guard received >= 0, received <= Self.bufferSize else { throw .tpmCommandFailed }
        return received
    }

    /// The response code, or success when the answer is too short for one; parsing then refuses it.
    private func code(_ received: Int) -> UInt32 {
        guard received >= 10 else { return TPMResponseCode.success }
        // No reduce: it would bring the heap into firmware.
        var code: UInt32 = 0
        for index in 6..<10 { code = code << 8 | UInt32(response[index]) }
        return code
    }
}

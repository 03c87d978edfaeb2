import ByteIO
public import SICEABI

/// Lays out one command: header, handles, authorizations, parameters (Part 1 §18, Part 3 §5).
///
/// Nothing a caller passes can overrun the buffer: room is checked on every write (`bufferTooSmall`).
public struct TPMCommandBuilder: ~Copyable, ~Escapable {
    private var writer: ByteWriter

    /// Starts a command. `tag` is `TPMTag.sessions` when an authorization follows the handles.
    @_lifetime(copy buffer)
    public init(
        _ code: UInt32, tag: UInt16 = TPMTag.noSessions, in buffer: consuming MutableSpan<UInt8>
    ) throws(ErrorCode) {
        writer = ByteWriter(buffer)
        do {
            try writer.writeBigEndian(tag)
            try writer.writeBigEndian(UInt32(0))  // the size, patched by finish()
            try writer.writeBigEndian(code)
        } catch { throw .bufferTooSmall }
    }

    /// Appends an integer, big-endian as all of TPM 2.0.
    @_lifetime(self: copy self)
    public mutating func append<T: FixedWidthInteger & UnsignedInteger>(_ value: T) throws(ErrorCode) {
        do { try writer.writeBigEndian(value) } catch { throw .bufferTooSmall }
    }

    /// Appends bytes as they are.
    @_lifetime(self: copy self)
    public mutating func append(_ bytes: Span<UInt8>) throws(ErrorCode) {
        do { try writer.write(bytes) } catch { throw .bufferTooSmall }
    }

    /// Appends a TPM2B: a 16-bit size and the bytes (Part 2 §10.4).
    @_lifetime(self: copy self)
    public mutating func appendSized(_ bytes: Span<UInt8>) throws(ErrorCode) {
        guard bytes.count <= Int(UInt16.max) else { throw .bufferTooSmall }
        try append(UInt16(bytes.count))
        try append(bytes)
    }

    /// Appends one password authorization with an empty password (Part 1 §19.4).
    @_lifetime(self: copy self)
    public mutating func appendEmptyPassword() throws(ErrorCode) {
        try append(UInt32(9))
        try appendSession(TPMHandle.password)
    }

    /// Appends one TPMS_AUTH_COMMAND without nonce, attributes or HMAC (Part 2 §10.13.2).
    @_lifetime(self: copy self)
    public mutating func appendSession(_ session: UInt32) throws(ErrorCode) {
        try append(session)
        try append(UInt16(0))
        try append(UInt8(0))
        try append(UInt16(0))
    }

    /// Appends handles and parameters of TPM2_StartAuthSession for a session of SHA-256 without salt and binding (Part 3 §11.1).
    @_lifetime(self: copy self)
    public mutating func appendSessionStart(nonce: Span<UInt8>, type: UInt8) throws(ErrorCode) {
        try append(TPMHandle.null)
        try append(TPMHandle.null)
        try appendSized(nonce)
        try append(UInt16(0))
        try append(type)
        try append(TPMAlgorithm.null)
        try append(TPMAlgorithm.sha256)
    }

    /// Appends a TPML_PCR_SELECTION of the SHA-256 bank; bit N of `mask` selects PCR N, 0 to 23.
    @_lifetime(self: copy self)
    public mutating func appendSelection(mask: UInt32) throws(ErrorCode) {
        try append(UInt32(1))
        try append(TPMAlgorithm.sha256)
        try append(UInt8(3))
        try append(UInt8(truncatingIfNeeded: mask))
        try append(UInt8(truncatingIfNeeded: mask >> 8))
        try append(UInt8(truncatingIfNeeded: mask >> 16))
    }

    /// Writes the size into the header and returns it, in bytes.
    public consuming func finish() throws(ErrorCode) -> Int {
        do { try writer.patchBigEndian(UInt32(writer.count), at: 2) } catch { throw .bufferTooSmall }
        return writer.count
    }
}

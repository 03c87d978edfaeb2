internal import ByteIO
public import SICEABI
internal import SealedData
internal import TPM2

extension NVSession {
    /// Takes the answer to ``extend(_:_:in:)``. Throws `historyRefused` for an error of the TPM, and `historyNotAuthentic` for
    /// what is not its answer to this command.
    public mutating func extended(
        _ answer: Span<UInt8>, _ cryptography: inout some VaultCryptography
    ) throws(ErrorCode) {
        let parameters = try accept(answer, TPMCommandCode.nvExtend, &cryptography)
        guard parameters.isEmpty else { throw .historyNotAuthentic }
    }

    /// What the index held when it answered ``read(isLast:_:in:)``. Throws as ``extended(_:_:)``.
    public mutating func contents(
        _ answer: Span<UInt8>, _ cryptography: inout some VaultCryptography
    ) throws(ErrorCode) -> InlineArray<32, UInt8> {
        let parameters = try accept(answer, TPMCommandCode.nvRead, &cryptography)
        guard parameters.count == 34, parameters[0] == 0, parameters[1] == 32 else {
            throw .historyNotAuthentic
        }
        return InlineArray { parameters[$0 + 2] }
    }

    /// The parameters of an answer that the TPM gave to the last command of this session: it knows the authorization value,
    /// and this command's nonce.
    @_lifetime(copy answer)
    private mutating func accept(
        _ answer: Span<UInt8>, _ code: UInt32, _ cryptography: inout some VaultCryptography
    ) throws(ErrorCode) -> Span<UInt8> {
        var response = try Self.response(answer)
        let found: AuthorizedAnswer
        do { found = try AuthorizedAnswer(&response) } catch { throw .historyNotAuthentic }
        // The attributes are those of the command: they are in the HMAC as we sent them.
        let digest = try answerDigest(code, found.parameters, cryptography)
        let expected = authorization(digest, (found.nonce, nonces.caller), &cryptography)
        guard found.attributes == attributes, found.code.isEqual(to: expected) else {
            throw .historyNotAuthentic
        }
        nonces.tpm = found.nonce
        return found.parameters
    }

    /// rpHash (Part 1 §16.8) of an answer that reports success.
    private func answerDigest(
        _ code: UInt32, _ parameters: Span<UInt8>, _ cryptography: borrowing some VaultCryptography
    ) throws(ErrorCode) -> InlineArray<32, UInt8> {
        var bytes = InlineArray<64, UInt8>(repeating: 0)
        var writer = ByteWriter(bytes.mutableSpan)
        do {
            try writer.writeBigEndian(TPMResponseCode.success)
            try writer.writeBigEndian(code)
            try writer.write(parameters)
        } catch { throw .historyNotAuthentic }
        let count = writer.count
        return cryptography.hash(bytes.span.extracting(0..<count))
    }
}

/// What follows the header of an answer with one session (Part 1 §18.10).
private struct AuthorizedAnswer: ~Escapable {
    let parameters: Span<UInt8>
    let nonce: InlineArray<32, UInt8>
    let attributes: UInt8
    let code: InlineArray<32, UInt8>

    /// Throws unless sizes are those of SHA-256 and nothing is left over.
    @_lifetime(copy response)
    init(_ response: inout TPMResponse) throws(ErrorCode) {
        guard response.hasSessions else { throw .tpmCommandFailed }
        let size = try response.read(UInt32.self)
        guard size <= UInt32(response.remaining) else { throw .tpmCommandFailed }
        parameters = try response.readBytes(Int(size))
        nonce = try Self.digest(&response)
        attributes = try response.read(UInt8.self)
        code = try Self.digest(&response)
        guard response.remaining == 0 else { throw .tpmCommandFailed }
    }

    private static func digest(_ response: inout TPMResponse) throws(ErrorCode) -> InlineArray<32, UInt8> {
        let bytes = try response.readSized()
        guard bytes.count == 32 else { throw .tpmCommandFailed }
        return InlineArray { bytes[$0] }
    }
}

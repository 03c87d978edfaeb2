internal import ByteIO
public import SICEABI
internal import TPM2

/// An HMAC session of a TPM, unbound and unsalted, that authorizes commands on one NV index by the index's authorization
/// value (Part 1 §19.6). Commands are made and answers are judged here; whoever carries them between the two is not trusted:
/// it can withhold, and nothing else. A value of 32 random bytes as key needs no salt.
///
/// Used once through: ``start(nonce:in:)``, its answer, then commands, each followed by its answer. After an error it is over.
public struct NVSession {
    let index: UInt32
    /// Digest of the index's Name.
    let name: InlineArray<32, UInt8>
    let authValue: InlineArray<32, UInt8>
    var handle: UInt32 = 0
    /// Of the last command, and of the last answer.
    var nonces = (caller: InlineArray<32, UInt8>(repeating: 0), tpm: InlineArray<32, UInt8>(repeating: 0))
    var attributes: UInt8 = 0

    /// - Parameters:
    ///   - index: handle of the index.
    ///   - name: SHA-256 of its public area, as it is in use.
    ///   - authValue: its authorization value.
    public init(index: UInt32, name: InlineArray<32, UInt8>, authValue: InlineArray<32, UInt8>) {
        (self.index, self.name, self.authValue) = (index, name, authValue)
    }

    /// TPM2_StartAuthSession (Part 3 §11.1). Returns its length in bytes; throws `bufferTooSmall` below ``commandSize``.
    public mutating func start(
        nonce: InlineArray<32, UInt8>, in buffer: consuming MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        nonces.caller = nonce
        var builder = try TPMCommandBuilder(TPMCommandCode.startAuthSession, in: buffer)
        try builder.appendSessionStart(nonce: nonce.span, type: TPMSessionType.hmac)
        return try builder.finish()
    }

    /// Takes the answer to it. What it says is not authenticated yet, and need not be: a wrong nonce fails at the next answer.
    /// Throws `historyRefused` for an error of the TPM and `historyNotAuthentic` for what no TPM answers.
    public mutating func started(_ answer: Span<UInt8>) throws(ErrorCode) {
        var response = try Self.response(answer)
        do {
            handle = try response.read(UInt32.self)
            let nonce = try response.readSized()
            guard nonce.count == 32, response.remaining == 0 else { throw ErrorCode.historyNotAuthentic }
            nonces.tpm = InlineArray { nonce[$0] }
        } catch { throw .historyNotAuthentic }
    }

    /// Bytes that every command of a session fits in.
    public static var commandSize: Int { 160 }

    /// The header was read. An error's answer carries no HMAC: it tells no more than that nothing was proved.
    @_lifetime(copy answer)
    static func response(_ answer: Span<UInt8>) throws(ErrorCode) -> TPMResponse {
        let response: TPMResponse
        do { response = try TPMResponse(answer) } catch { throw .historyNotAuthentic }
        guard response.code == TPMResponseCode.success else { throw .historyRefused }
        return response
    }
}

internal import ByteIO
public import SICEABI
internal import SealedData
internal import TPM2

extension NVSession {
    /// TPM2_NV_Extend of 32 bytes (Part 3 §31.9). The session stays.
    public mutating func extend(
        _ digest: InlineArray<32, UInt8>, _ cryptography: inout some VaultCryptography,
        in buffer: consuming MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        // A TPM2B.
        let parameters = InlineArray<34, UInt8> { $0 < 2 ? UInt8($0) &* 32 : digest[$0 - 2] }
        attributes = Attributes.continueSession
        return try command(TPMCommandCode.nvExtend, parameters.span, &cryptography, in: buffer)
    }

    /// TPM2_NV_Read of the index's 32 bytes (§31.13).
    /// - Parameter isLast: the session ends with it.
    public mutating func read(
        isLast: Bool, _ cryptography: inout some VaultCryptography, in buffer: consuming MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        // Size and offset.
        let parameters: InlineArray<4, UInt8> = [0, 32, 0, 0]
        attributes = isLast ? 0 : Attributes.continueSession
        return try command(TPMCommandCode.nvRead, parameters.span, &cryptography, in: buffer)
    }

    private mutating func command(
        _ code: UInt32, _ parameters: Span<UInt8>, _ cryptography: inout some VaultCryptography,
        in buffer: consuming MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        // A new one for each command: an answer to an earlier one is none to this.
        nonces.caller = try cryptography.random()
        let digest = try commandDigest(code, parameters, cryptography)
        let proof = authorization(digest, (nonces.caller, nonces.tpm), &cryptography)
        var builder = try TPMCommandBuilder(code, tag: TPMTag.sessions, in: buffer)
        try builder.append(index)
        try builder.append(index)
        try builder.append(UInt32(4 + 2 + 32 + 1 + 2 + 32))
        try builder.append(handle)
        try builder.appendSized(nonces.caller.span)
        try builder.append(attributes)
        try builder.appendSized(proof.span)
        try builder.append(parameters)
        return try builder.finish()
    }

    /// cpHash (Part 1 §16.7): the command's code, the Names of both its handles, and its parameters.
    private func commandDigest(
        _ code: UInt32, _ parameters: Span<UInt8>, _ cryptography: borrowing some VaultCryptography
    ) throws(ErrorCode) -> InlineArray<32, UInt8> {
        var bytes = InlineArray<128, UInt8>(repeating: 0)
        var writer = ByteWriter(bytes.mutableSpan)
        do {
            try writer.writeBigEndian(code)
            for _ in 0..<2 {
                try writer.writeBigEndian(TPMAlgorithm.sha256)
                try writer.write(name.span)
            }
            try writer.write(parameters)
        } catch { throw .bufferTooSmall }
        let count = writer.count
        return cryptography.hash(bytes.span.extracting(0..<count))
    }

    /// The HMAC of a command or an answer (Part 1 §19.6.5): newer nonce first.
    func authorization(
        _ digest: InlineArray<32, UInt8>, _ nonces: (InlineArray<32, UInt8>, InlineArray<32, UInt8>),
        _ cryptography: inout some VaultCryptography
    ) -> InlineArray<32, UInt8> {
        var message = InlineArray<97, UInt8>(repeating: attributes)
        for position in 0..<32 {
            message[position] = digest[position]
            message[position &+ 32] = nonces.0[position]
            message[position &+ 64] = nonces.1[position]
        }
        return cryptography.authenticate(message.span, key: authValue.span)
    }
}

/// Bits of TPMA_SESSION (Part 2 §8.4).
enum Attributes {
    static let continueSession: UInt8 = 1
}

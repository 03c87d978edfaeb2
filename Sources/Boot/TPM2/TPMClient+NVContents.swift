public import SICEABI

/// Contents of NV storage (Part 3 §31). What the TPM refuses is `tpmCommandFailed`.
extension TPMClient where Transport: ~Copyable {
    /// TPM2_NV_Write from the start of the index (§31.7).
    public mutating func write(
        _ index: UInt32, by authorization: NVAuthorization, _ data: Span<UInt8>
    ) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(TPMCommandCode.nvWrite, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(index, by: authorization)
        try builder.appendSized(data)
        try builder.append(UInt16(0))
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// TPM2_NV_Extend (§31.9).
    public mutating func extend(
        _ index: UInt32, by authorization: NVAuthorization, _ data: Span<UInt8>
    ) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(TPMCommandCode.nvExtend, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(index, by: authorization)
        try builder.appendSized(data)
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// TPM2_NV_WriteLock (§31.11).
    public mutating func writeLock(
        _ index: UInt32, by authorization: NVAuthorization
    ) throws(ErrorCode) {
        try lock(TPMCommandCode.nvWriteLock, index, authorization)
    }

    /// TPM2_NV_ReadLock (§31.14).
    public mutating func readLock(_ index: UInt32, by authorization: NVAuthorization) throws(ErrorCode) {
        try lock(TPMCommandCode.nvReadLock, index, authorization)
    }

    private mutating func lock(
        _ command: UInt32, _ index: UInt32, _ authorization: NVAuthorization
    ) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(command, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(index, by: authorization)
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// Fills the output from the start of the index (TPM2_NV_Read, §31.13); fewer bytes are `tpmCommandFailed`.
    public mutating func read(
        _ index: UInt32, by authorization: NVAuthorization, into output: inout MutableSpan<UInt8>
    ) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(TPMCommandCode.nvRead, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(index, by: authorization)
        try builder.append(UInt16(truncatingIfNeeded: output.count))
        try builder.append(UInt16(0))
        let length = try builder.finish()
        var response = try execute(length)
        _ = try response.read(UInt32.self)  // parameterSize
        let data = try response.readSized()
        guard data.count == output.count else { throw .tpmCommandFailed }
        for position in 0..<data.count { output[position] = data[position] }
    }
}

public import SICEABI

/// What firmware asks of a TPM before an operating system runs.
extension TPMClient where Transport: ~Copyable {
    /// TPM2_Startup(CLEAR) (Part 3 §9.3). A TPM that was started before is accepted: firmware that ran
    /// earlier may have done it, and its PCRs then show it.
    public mutating func startup() throws(ErrorCode) {
        var builder = try TPMCommandBuilder(TPMCommandCode.startup, in: commandBytes)
        try builder.append(UInt16(0))
        let length = try builder.finish()
        do {
            _ = try execute(length)
        } catch {
            guard error == .tpmCommandFailed, lastResponseCode == TPMResponseCode.initialize else {
                throw error
            }
        }
    }

    /// TPM2_SelfTest (Part 3 §10.2); `full` tests again what was tested before.
    public mutating func selfTest(full: Bool) throws(ErrorCode) {
        var builder = try TPMCommandBuilder(TPMCommandCode.selfTest, in: commandBytes)
        try builder.append(UInt8(full ? 1 : 0))
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// One TPM property (TPM2_GetCapability, Part 3 §30.2). Throws `tpmCommandFailed` when the TPM has it not.
    public mutating func property(_ property: UInt32) throws(ErrorCode) -> UInt32 {
        var builder = try TPMCommandBuilder(TPMCommandCode.getCapability, in: commandBytes)
        try builder.append(TPMCapability.properties)
        try builder.append(property)
        try builder.append(UInt32(1))
        let length = try builder.finish()
        var response = try execute(length)
        _ = try response.read(UInt8.self)  // moreData
        let capability = try response.read(UInt32.self)
        let count = try response.read(UInt32.self)
        guard capability == TPMCapability.properties, count == 1 else { throw .tpmCommandFailed }
        // The TPM answers with the next property when it lacks the one asked for.
        guard try response.read(UInt32.self) == property else { throw .tpmCommandFailed }
        return try response.read(UInt32.self)
    }

    /// Extends a PCR of the SHA-256 bank (TPM2_PCR_Extend, Part 3 §22.2). `digest` has 32 bytes.
    public mutating func extend(pcr: UInt32, digest: Span<UInt8>) throws(ErrorCode) {
        guard pcr < 24, digest.count == ABI.digestSize else { throw .invalidArgument }
        var builder = try TPMCommandBuilder(
            TPMCommandCode.pcrExtend, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(pcr)
        try builder.appendEmptyPassword()
        try builder.append(UInt32(1))
        try builder.append(TPMAlgorithm.sha256)
        try builder.append(digest)
        let length = try builder.finish()
        _ = try execute(length)
    }

    /// Stores the SHA-256 value of a PCR (TPM2_PCR_Read, Part 3 §22.4) into 32 bytes. `tpmCommandFailed` when
    /// the TPM has no SHA-256 bank: it then answers with an empty list.
    public mutating func readPCR(_ pcr: UInt32, into digest: inout MutableSpan<UInt8>) throws(ErrorCode) {
        guard pcr < 24, digest.count == ABI.digestSize else { throw .invalidArgument }
        var builder = try TPMCommandBuilder(TPMCommandCode.pcrRead, in: commandBytes)
        try builder.appendSelection(mask: 1 << pcr)
        let length = try builder.finish()
        var response = try execute(length)
        _ = try response.read(UInt32.self)  // pcrUpdateCounter
        let selections = try response.read(UInt32.self)
        guard selections == 1, try response.read(UInt16.self) == TPMAlgorithm.sha256 else {
            throw .tpmCommandFailed
        }
        let size = try response.read(UInt8.self)
        try response.skip(Int(size))
        guard try response.read(UInt32.self) == 1 else { throw .tpmCommandFailed }
        let value = try response.readSized()
        guard value.count == ABI.digestSize else { throw .tpmCommandFailed }
        for index in 0..<value.count { digest[index] = value[index] }
    }

    /// Fills the output with the TPM's randomness (TPM2_GetRandom, Part 3 §16.1). A TPM may give fewer bytes
    /// than asked for at once; a TPM that gives none is `noEntropy`.
    public mutating func random(into output: inout MutableSpan<UInt8>) throws(ErrorCode) {
        var filled = 0
        while filled < output.count {
            var builder = try TPMCommandBuilder(TPMCommandCode.getRandom, in: commandBytes)
            try builder.append(UInt16(min(output.count - filled, 32)))
            let length = try builder.finish()
            var response = try execute(length)
            let bytes = try response.readSized()
            guard bytes.count > 0, bytes.count <= output.count - filled else { throw .noEntropy }
            for index in 0..<bytes.count { output[filled + index] = bytes[index] }
            filled += bytes.count
        }
    }

    /// Closes the platform hierarchy until the next reset (TPM2_HierarchyControl, Part 3 §24.2): its
    /// authorization is empty after a reset, and with it the legacy host could change the endorsement seed,
    /// take over NV indices of the platform or clear the TPM. What the TPM did is read back, not assumed.
    public mutating func closePlatformHierarchy() throws(ErrorCode) {
        try disablePlatform()
        guard try property(TPMCapability.startupClear) & TPMCapability.platformHierarchyEnabled == 0 else {
            throw .tpmCommandFailed
        }
    }

    private mutating func disablePlatform() throws(ErrorCode) {
        var builder = try TPMCommandBuilder(
            TPMCommandCode.hierarchyControl, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(TPMHandle.platform)
        try builder.appendEmptyPassword()
        try builder.append(TPMHandle.platform)
        try builder.append(UInt8(0))
        let length = try builder.finish()
        _ = try execute(length)
    }
}

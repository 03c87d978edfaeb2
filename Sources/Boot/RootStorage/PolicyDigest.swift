internal import SHA2
internal import SICEABI
internal import TPM2

/// A policy digest as a TPM computes it in a session of SHA-256 (Part 1 §19.7, Part 3 §23): each command of the
/// policy is hashed into what was there before.
package struct PolicyDigest {
    package private(set) var value = InlineArray<32, UInt8>(repeating: 0)

    /// Satisfied by whoever deletes an index that was never written: what a first boot that was cut left.
    static var deletesUnwritten: PolicyDigest {
        var digest = PolicyDigest()
        let unwritten: InlineArray<1, UInt8> = [0]
        digest.extend(TPMCommandCode.policyNVWritten, unwritten.span)
        digest.limit(to: TPMCommandCode.nvUndefineSpaceSpecial)
        return digest
    }

    /// Satisfied by whoever deletes an index and knows its authorization value.
    static var deletesByOwner: PolicyDigest {
        var digest = PolicyDigest()
        digest.extend(TPMCommandCode.policyAuthValue, Span())
        digest.limit(to: TPMCommandCode.nvUndefineSpaceSpecial)
        return digest
    }

    /// Satisfied by whoever satisfies what the index with this Name holds.
    init(authorizedBy name: InlineArray<32, UInt8>) {
        var argument = InlineArray<34, UInt8>(repeating: 0)
        argument[1] = UInt8(truncatingIfNeeded: TPMAlgorithm.sha256)
        for index in 0..<32 { argument[index + 2] = name[index] }
        extend(TPMCommandCode.policyAuthorizeNV, argument.span)
    }

    /// Satisfied by one of two (TPM2_PolicyOR).
    init(_ first: PolicyDigest, or second: PolicyDigest) {
        var argument = InlineArray<64, UInt8>(repeating: 0)
        for index in 0..<32 {
            argument[index] = first.value[index]
            argument[index + 32] = second.value[index]
        }
        extend(TPMCommandCode.policyOR, argument.span)
    }

    /// Satisfied while the PCRs that the root is bound to have these values (TPM2_PolicyPCR, Part 3 §23.7); in the
    /// order of their numbers, as ``BootMeasurement/quotedPCRs``.
    package init(pcrs values: InlineArray<4, InlineArray<32, UInt8>>) {
        var hash = SHA256()
        for index in 0..<4 {
            let value = values[index]
            hash.update(value.span)
        }
        let digest = hash.finish()
        // The selection is hashed as a command has it, which is marshalled in one place.
        var command = InlineArray<52, UInt8>(repeating: 0)
        do {
            var builder = try TPMCommandBuilder(TPMCommandCode.policyPCR, in: command.mutableSpan)
            try builder.appendSelection(mask: RootPolicy.pcrMask)
            try builder.append(digest.span)
        } catch { return }  // There is room; and no session is ever at zeros.
        extend(TPMCommandCode.policyPCR, command.span.extracting(10..<52))
    }

    private init() {}

    private mutating func limit(to command: UInt32) {
        let argument = command.bigEndianBytes
        extend(TPMCommandCode.policyCommandCode, argument.span)
    }

    private mutating func extend(_ command: UInt32, _ argument: Span<UInt8>) {
        let (before, code) = (value, command.bigEndianBytes)
        var hash = SHA256()
        hash.update(before.span)
        hash.update(code.span)
        hash.update(argument)
        value = hash.finish()
    }
}

extension UInt32 {
    fileprivate var bigEndianBytes: InlineArray<4, UInt8> {
        [
            UInt8(truncatingIfNeeded: self >> 24), UInt8(truncatingIfNeeded: self >> 16),
            UInt8(truncatingIfNeeded: self >> 8), UInt8(truncatingIfNeeded: self),
        ]
    }
}

import SICEABI

/// The payload's commands, closed by `lock`.
extension Manager where Machine: ~Copyable {
    /// Makes the report key and gives its public part to the payload, which extends its hash into the TPM.
    mutating func install(
        _ registers: HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        guard !hasReportKey else { throw .wrongState }
        let count = UInt64(ABI.publicKeySize)
        let target = try HostRange(address: registers.rcx, count: count, in: hostMemory)
        var boot = bootIdentifier.mutableSpan
        try machine.random(into: &boot)
        var key = publicKey.mutableSpan
        try machine.makeReportKey(entropy: entropy.span, publicKey: &key)
        entropy = .init(repeating: 0)
        hasReportKey = true
        requestNamesPort = registers.access.isRequest
        machine.beginDigest(.scratch)
        machine.updateDigest(.scratch, with: publicKey.span)
        var digest = keyIdentifier.mutableSpan
        machine.finishDigest(.scratch, into: &digest)
        machine.copy(publicKey.span, to: target)
    }

    /// Closes the boot commands, if SMRAM reads back as protected. Throws `bootPostureFailed` otherwise, and
    /// `notInstalled` when there is no report key, unless the ROM's insecure option allows that.
    mutating func lock(machine: inout Machine) throws(ErrorCode) {
        guard hasReportKey || handoffFlags & HandoffFlags.insecureOption != 0 else { throw .notInstalled }
        for index in 0..<posture.count {
            if let claim = PostureClaim(rawValue: UInt8(truncatingIfNeeded: index)) {
                posture[index] = value(of: claim, machine: &machine).rawValue
            }
        }
        guard isPresent(.tsegEnabled), isPresent(.smramLocked), isPresent(.smramClosed) else {
            throw .bootPostureFailed
        }
        entropy = .init(repeating: 0)
        isLocked = true
        var entry = LogEntry(.boot, environment: 0, detail0: UInt64(handoffFlags))
        entry.setDigest(managerDigest)
        log.append(entry, machine: &machine)
    }

    private mutating func isPresent(_ claim: PostureClaim) -> Bool {
        posture[Int(claim.rawValue)] == PostureValue.present.rawValue
    }

    /// What only the payload could see comes from the handoff, all else from the machine.
    private mutating func value(
        of claim: PostureClaim, machine: inout Machine
    ) -> PostureValue {
        switch claim {
        case .measuredBoot: handoffValue(HandoffFlags.measuredBoot)
        case .platformHierarchyClosed: handoffValue(HandoffFlags.platformHierarchyClosed)
        case .noInsecureOption:
            handoffFlags & HandoffFlags.insecureOption == 0 ? .present : .absent
        case .corebootFirmware:
            handoffFlags & HandoffFlags.standInROM == 0 ? .present : .absent
        case .requestNamesPort: requestNamesPort ? .present : .absent
        case _ where claim.isFoundAtBoot: findings.value(of: claim)
        default: machine.posture(claim)
        }
    }

    private mutating func handoffValue(_ flag: UInt32) -> PostureValue {
        handoffFlags & flag != 0 ? .present : .absent
    }
}

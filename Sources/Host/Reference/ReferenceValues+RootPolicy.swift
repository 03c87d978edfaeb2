internal import RootStorage
internal import SICEABI
internal import TCGEventLog

extension ReferenceValues {
    /// What the PCRs hold, in the order of ``BootMeasurement/quotedPCRs``, when the payload opens the root of
    /// sealed storage: all that comes before the report key, which is another one at each boot. Firmware's
    /// own PCR 0 is as after a reset.
    var rootPCRs: InlineArray<4, InlineArray<32, UInt8>> {
        let pcrs = BootMeasurement.quotedPCRs
        return InlineArray { position in
            var register = ReplayedPCR()
            for event in events {
                guard let digest = event.digest else { break }
                if event.pcr == pcrs[position] { register.extend(digest.span) }
            }
            return register.value
        }
    }

    /// The policy by which this firmware opens the root: the TPM2_PolicyPCR digest of ``rootPCRs``.
    var rootPolicy: InlineArray<32, UInt8> { PolicyDigest(pcrs: rootPCRs).value }
}

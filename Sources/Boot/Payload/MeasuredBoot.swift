internal import CorebootFormats
internal import Firmware
internal import SHA2
internal import SICEABI
internal import TCGEventLog
internal import TPM2

/// The TPM and its event log. Without a TPM, which only the insecure option allows, measuring does nothing.
struct MeasuredBoot: ~Copyable {
    private var tpm: TPMClient<TISTransport<TISWindow>>?
    private var log: MemoryRange?
    /// Firmware extended PCR 2, so what the TPM says about us begins before us.
    private(set) var isFirmwareMeasured = false
    private(set) var isPlatformHierarchyClosed = false
    private let isInsecure: Bool

    /// Starts the TPM and checks that firmware used it. Throws `bootNoTPM`, `bootNotMeasured`, `bootTPMFailed`;
    /// with the insecure option, a machine without a TPM goes on unmeasured, and every report shows it.
    init(clock: Clock, insecure: Bool) throws(ErrorCode) {
        isInsecure = insecure
        do {
            tpm = TPMClient(try TISTransport(TISWindow(clock: clock)))
        } catch {
            guard insecure else { throw error }
            tpm = nil
            return
        }
        try startTPM()
        guard isFirmwareMeasured || insecure else { throw .bootNotMeasured }
        try closePlatformHierarchy()
    }

    private mutating func startTPM() throws(ErrorCode) {
        var value = InlineArray<32, UInt8>(repeating: 0)
        var digest = value.mutableSpan
        do {
            try tpm!.startup()
            try tpm!.readPCR(BootMeasurement.firmwarePCR, into: &digest)
        } catch { throw .bootTPMFailed }
        var isZero = true
        for index in 0..<32 where value[index] != 0 { isZero = false }
        isFirmwareMeasured = !isZero
    }

    /// Nothing after firmware may use the platform's authority over the TPM.
    private mutating func closePlatformHierarchy() throws(ErrorCode) {
        do { try tpm!.closePlatformHierarchy() } catch { throw .bootTPMFailed }
        isPlatformHierarchyClosed = true
    }

    /// Fills the output with the TPM's randomness; leaves it as it is without a TPM.
    mutating func random(into output: inout MutableSpan<UInt8>) throws(ErrorCode) {
        guard tpm != nil else { return }
        do { try tpm!.random(into: &output) } catch { throw .bootTPMFailed }
    }

    /// Makes the area that the TPM2 table names the event log: firmware's own log, if it kept one elsewhere,
    /// else what is in the area already, else an empty one. Throws `bootLogUnusable`.
    mutating func openLog(area: MemoryRange?, firmwareLog: MemoryRange?) throws(ErrorCode) {
        guard tpm != nil else { return }
        guard let area else { throw .bootLogUnusable }
        let output = unsafe PhysicalMemory.writable(at: area.base, count: Int(area.size))
        if let firmwareLog, firmwareLog.base != area.base {
            guard firmwareLog.size <= WorkMemory.file.size, firmwareLog.end <= 1 << 32 else {
                throw .bootLogUnusable
            }
            // Copied once: firmware's log may be anywhere, also in the area itself.
            copyMemory(from: firmwareLog.base, to: WorkMemory.file.base, count: firmwareLog.size)
            let copy = unsafe PhysicalMemory.readable(
                at: WorkMemory.file.base, count: Int(firmwareLog.size))
            _ = try EventLogWriter(continuing: copy, in: output)
        } else if unsafe PhysicalMemory.readable(at: area.base, count: 64).isEmptyLog {
            _ = try EventLogWriter(beginning: output)
        } else {
            _ = try EventLogWriter(resuming: output)
        }
        log = area
        try checkLog(area)
    }

    /// The log must say all that the TPM holds: a log that claims less hides something, one that claims more was
    /// not extended. Throws `bootLogMismatch`; with the insecure option firmware counts as not measured.
    private mutating func checkLog(_ area: MemoryRange) throws(ErrorCode) {
        let bytes = unsafe PhysicalMemory.readable(at: area.base, count: Int(area.size))
        for position in 0..<BootMeasurement.quotedPCRs.count {
            let pcr = BootMeasurement.quotedPCRs[position]
            var value = InlineArray<32, UInt8>(repeating: 0)
            var digest = value.mutableSpan
            do { try tpm!.readPCR(pcr, into: &digest) } catch { throw .bootTPMFailed }
            let expected = try EventLog.replay(bytes, pcr: pcr)
            for index in 0..<32 where value[index] != expected[index] { isFirmwareMeasured = false }
        }
        guard isFirmwareMeasured || isInsecure else { throw .bootLogMismatch }
    }

    /// Makes the PCRs that a manager's boot extends unusable: what runs next has no manager, and must not be able
    /// to bring them to the values of a boot that has one. Throws `bootTPMFailed`.
    mutating func extendNoManager() throws(ErrorCode) {
        guard tpm != nil else { return }
        let digest = SHA256.hash(BootMeasurement.noManager.bytes)
        for pcr in BootMeasurement.codePCR...BootMeasurement.configurationPCR {
            do { try tpm!.extend(pcr: pcr, digest: digest.span) } catch { throw .bootTPMFailed }
        }
    }

    /// Extends a digest and logs it. Throws `bootTPMFailed`, `bootLogUnusable`.
    mutating func measure(
        _ digest: InlineArray<32, UInt8>, _ name: StaticString, pcr: UInt32
    ) throws(ErrorCode) {
        guard tpm != nil, let log else { return }
        do { try tpm!.extend(pcr: pcr, digest: digest.span) } catch { throw .bootTPMFailed }
        var writer = try EventLogWriter(
            resuming: unsafe PhysicalMemory.writable(at: log.base, count: Int(log.size)))
        try writer.append(pcr: pcr, type: EventType.postCode, digest: digest.span, data: name.bytes)
    }
}

extension Span where Element == UInt8 {
    /// Whether an event log's first event is missing.
    fileprivate var isEmptyLog: Bool {
        for index in 0..<count where self[index] != 0 { return false }
        return true
    }
}

internal import ByteIO
internal import CorebootFormats
internal import Firmware
internal import SHA2
internal import SICEABI
internal import TPM2

/// Measures what coreboot measures, into the PCR and the log that coreboot uses.
struct MeasuredBoot: ~Copyable, ~Escapable {
    /// coreboot's PCR for code (CONFIG_PCR_SRTM).
    private static let codePCR: UInt32 = 2

    private var client: TPMClient<TISTransport<TPMRegisters>>
    private var log: CorebootEventLogWriter
    private let gaps: MeasuringGaps

    @_lifetime(copy log)
    private init(
        client: consuming TPMClient<TISTransport<TPMRegisters>>, log: consuming CorebootEventLogWriter,
        gaps: MeasuringGaps
    ) {
        self.client = client
        self.log = log
        self.gaps = gaps
    }

    /// Starts the TPM; the log goes to `area`. Throws `bootNoTPM` or `bootTPMFailed`.
    @_lifetime(copy area)
    static func start(
        log area: consuming MutableSpan<UInt8>, gaps: MeasuringGaps
    ) throws(ErrorCode) -> MeasuredBoot {
        var client = TPMClient(try TISTransport(TPMRegisters()))
        try client.startup()
        return MeasuredBoot(client: client, log: try makeLog(area), gaps: gaps)
    }

    @_lifetime(copy area)
    private static func makeLog(
        _ area: consuming MutableSpan<UInt8>
    ) throws(ErrorCode) -> CorebootEventLogWriter {
        do throws(ByteError) {
            return try CorebootEventLogWriter(area)
        } catch {
            throw .bootTPMFailed
        }
    }

    /// Extends the digest of `contents` and logs it as `name`.
    @_lifetime(self: copy self)
    mutating func measure(_ contents: Span<UInt8>, name: StaticString) throws(ErrorCode) {
        let digest = SHA256.hash(contents)
        if gaps.extends { try client.extend(pcr: Self.codePCR, digest: digest.span) }
        guard gaps.logs else { return }
        do throws(ByteError) {
            try log.append(pcr: Self.codePCR, digest: digest, name: name.bytes)
        } catch {
            throw .bootTPMFailed
        }
    }
}

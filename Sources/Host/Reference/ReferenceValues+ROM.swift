internal import ByteIO
internal import Bytes
internal import CorebootFormats
public import Diagnostics
internal import OpenSSLCrypto
internal import SICEABI
internal import TCGEventLog

extension ReferenceValues {
    /// Computes what a machine with this ROM measures, without the machine: the log is written by the code that
    /// runs there, with the digests of the ROM's files.
    ///
    /// - Parameter smramSize: TSEG in bytes; it is part of the measured configuration.
    /// Throws `romFileSystemDamaged`, `romNoFileSystem`, `romFileMissing`.
    public init(_ rom: ROM, smramSize: UInt64, images: [Image]) throws(ToolError) {
        let manager = try rom.requiredDigest(of: "\(BootMeasurement.manager)")
        var area = [UInt8](repeating: 0, count: 64 << 10)
        do {
            let firmwareLog = try ReferenceValues.firmwareLog(rom)
            var writer = try EventLogWriter(continuing: firmwareLog.span, in: area.mutableSpan)
            try ReferenceValues.appendPayloadEvents(rom, manager: manager, smramSize: smramSize, to: &writer)
            let count = writer.count
            area.removeLast(area.count - count)
        } catch let failure as ToolError { throw failure } catch {
            throw ToolError(.internalFailure, "writing the expected log: \(error)")
        }
        try self.init(log: area, managerDigest: manager, images: images)
    }

    /// What coreboot writes, and the stand-in ROM as coreboot does: digests of files as stored, in the order in
    /// which coreboot loads them (coreboot: src/security/tpm/tspi/crtm.c, src/lib/cbfs.c).
    private static func firmwareLog(_ rom: ROM) throws -> [UInt8] {
        var area = [UInt8](repeating: 0, count: CorebootEventLogWriter.size)
        var writer = try CorebootEventLogWriter(area.mutableSpan)
        var measured = [("FMAP: FMAP", SHA256.hash(rom.flashMap))]
        let stages = try rom.isStandIn ? [] : rom.stages()
        for name in ["bootblock"] + stages + ["fallback/payload"] {
            measured.append(("CBFS: \(name)", try rom.requiredDigest(of: name)))
        }
        for (name, digest) in measured {
            try writer.append(
                pcr: BootMeasurement.firmwarePCR, digest: InlineArray { digest[$0] },
                name: Array(name.utf8).span)
        }
        return area
    }

    /// What the payload appends, in its order (`BootMeasurement`).
    @_lifetime(writer: copy writer)
    private static func appendPayloadEvents(
        _ rom: ROM, manager: [UInt8], smramSize: UInt64, to writer: inout EventLogWriter
    ) throws {
        let (code, configuration) = (BootMeasurement.codePCR, BootMeasurement.configurationPCR)
        var events = [
            (code, BootMeasurement.manager, manager),
            (
                configuration, BootMeasurement.configuration,
                SHA256.hash(configurationBytes(smramSize: smramSize, flags: try configurationFlags(rom)))
            ),
            (configuration, BootMeasurement.reportKey, [UInt8](repeating: 0, count: ABI.digestSize)),
        ]
        if let workload = try rom.digest(of: "\(BootMeasurement.workload)") {
            events.append((code, BootMeasurement.workload, workload))
        }
        events.append((code, BootMeasurement.next, try rom.requiredDigest(of: "\(BootMeasurement.next)")))
        for (pcr, name, digest) in events {
            let data = Array("\(name)".utf8)
            try writer.append(pcr: pcr, type: EventType.postCode, digest: digest.span, data: data.span)
        }
    }

    private static func configurationFlags(_ rom: ROM) throws(ToolError) -> UInt32 {
        let isInsecure = try rom.digest(of: "\(BootMeasurement.insecureOption)") != nil
        return try (isInsecure ? HandoffFlags.insecureOption : 0)
            | (rom.isStandIn ? HandoffFlags.standInROM : 0)
    }

    private static func configurationBytes(smramSize: UInt64, flags: UInt32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: BootConfigurationLayout.size)
        var fields = bytes.mutableSpan
        fields.storeLittleEndian(BootConfigurationLayout.magicValue, at: BootConfigurationLayout.magic)
        fields.storeLittleEndian(smramSize, at: BootConfigurationLayout.smramSize)
        fields.storeLittleEndian(flags, at: BootConfigurationLayout.flags)
        fields.storeLittleEndian(ABI.version, at: BootConfigurationLayout.version)
        return bytes
    }

    /// Reads the expected log back into values.
    private init(log: [UInt8], managerDigest: [UInt8], images: [Image]) throws(ToolError) {
        let reportKey = "\(BootMeasurement.reportKey)"
        var events: [Event] = []
        let header: [UInt8]
        do throws(ErrorCode) {
            var reader = try EventLogReader(log.span)
            header = Array(log[..<reader.headerSize])
            while let event = try reader.next() {
                let data = [UInt8](event.data)
                let name = String(decoding: data.prefix { $0 != 0 }, as: UTF8.self)
                let digest = [UInt8](event.digest)
                events.append(
                    Event(
                        pcr: event.pcr, type: event.type, digest: name == reportKey ? nil : digest,
                        data: data,
                        name: name))
            }
        } catch { throw ToolError(.internalFailure, "reading the expected log") }
        self.init(logHeader: header, events: events, managerDigest: managerDigest, images: images)
    }
}

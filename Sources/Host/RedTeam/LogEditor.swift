internal import Bytes
internal import Diagnostics
internal import Evidence
internal import EvidenceFormat
internal import OpenSSLCrypto
internal import SICEABI

/// A boot event log that can be changed and written again: TCG_PCR_EVENT2 with one SHA-256 digest (PC Client
/// Platform Firmware Profile, 10.2.2).
struct LogEditor {
    let header: [UInt8]
    var events: [BootLog.Event]

    init(_ scene: EvidenceScene) throws(Unavailable) {
        let log = try scene.parse { () throws(ToolError) in try BootLog(scene.honest.eventLog) }
        (header, events) = (log.header, log.events)
        guard events.count > 2 else {
            throw Unavailable(reason: "an event log of \(log.events.count) events")
        }
    }

    /// The log, written as firmware writes it.
    var bytes: [UInt8] {
        get throws(Unavailable) {
            do { return try log.bytes } catch {
                throw Unavailable(reason: "\(error.code.name): \(error.detail)")
            }
        }
    }

    /// Values of the quoted PCRs after these events.
    var pcrs: [[UInt8]] { EvidenceBundle.quotedPCRs.map { log.replay(pcr: $0) } }

    private var log: BootLog { BootLog(header: header, events: events) }

    /// Brings a register that anybody may reset to the value of another one.
    func copying(_ pcr: UInt32, to other: UInt32) -> [RootQuote.Step] {
        [.reset(pcr: other)]
            + events.filter { $0.pcr == pcr }.map { .extend(pcr: other, digest: $0.digest) }
    }

    /// An event that nobody expects.
    static let foreign = BootLog.Event(
        pcr: 4, type: 1, digest: SHA256.hash(Array("attacker".utf8)), data: Array("attacker".utf8))
}

extension BootLog.Event {
    /// How root makes the TPM measure it.
    var step: RootQuote.Step { .extend(pcr: pcr, digest: digest) }
}

func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] { bigEndian(value).reversed() }

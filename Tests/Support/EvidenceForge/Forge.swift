public import Appraisal
public import Evidence
internal import EvidenceFormat
internal import OpenSSLCrypto
public import RedTeam
public import Reference
public import ReportFormat
public import SICEABI

/// Makes evidence as a machine would, with keys of its own in place of TPM and manager. Everything can be changed
/// before the signatures are made: that is what an attacker who holds the keys of *another* machine can do.
public struct Forge {
    public var reportKey = SoftwareKey()
    public var attestationKey = SoftwareKey()
    public var nonce: [UInt8] = (0..<32).map { UInt8($0) &* 7 &+ 1 }
    public var claims = ReportClaims()
    /// Pairs behind the claims that are known.
    public var unknownClaims: [(key: Int64, value: Int64)] = []
    /// Known claims that are left out.
    public var omittedClaims: Set<ReportClaim> = []
    public var events: [BootLog.Event] = []
    public var runtimeEntries: [RuntimeLogEntry] = []
    public var runtimeLogBase = RuntimeLogChain.start
    /// TPMA_OBJECT of the attestation key: restricted, sign, fixed to its TPM.
    public var keyAttributes: UInt32 = 0x0005_0072
    public var quoteMagic: UInt32 = 0xFF54_4347
    public var quoteSelection: [UInt8] = [0b0011_0101, 0, 0]

    /// A machine where everything is as it should be.
    public init() {
        events = [
            event(2, 5, "FMAP: FMAP"), event(2, 5, "CBFS: bootblock"), event(2, 5, "CBFS: fallback/payload"),
            event(4, 1, "sice/manager"), event(5, 1, "sice/config"), event(5, 1, "sice/report-key"),
            event(4, 1, "sice/next"),
        ]
        events[5].digest = SHA256.hash(reportKey.point)
        runtimeEntries = [(0, .boot), (1, .sealed), (2, .started)].map {
            RuntimeLogEntry(sequence: $0, event: $1)
        }
        claims.nonce = nonce
        claims.measurement = SHA256.hash(Array("image".utf8))
        claims.environment = 1
        claims.state = .runnable
        claims.workloadData = SHA256.hash(Array("workload key".utf8)) + [UInt8](repeating: 0, count: 32)
        claims.managerDigest = SHA256.hash(Array("sice/manager".utf8))
        claims.managerVersion = "1.0.0"
        claims.imageName = "signer"
        claims.bootIdentifier = [UInt8](repeating: 0xB0, count: 16)
        for claim in PostureClaim.all { claims.posture[claim] = .present }
        claims.posture[.smrr] = .absent
        closeRuntimeLog()
    }

    /// Makes the report's head and count those of the run-time log.
    public mutating func closeRuntimeLog() {
        claims.logHead = chain(from: runtimeLogBase, over: runtimeEntries)
        claims.logCount = runtimeEntries.last.map { $0.sequence + 1 } ?? 0
    }

    /// Makes the run-time log one of so many entries, of which the manager keeps the last.
    public mutating func fillRuntimeLog(count: Int) {
        let entries = (0..<UInt64(count)).map {
            RuntimeLogEntry(sequence: $0, event: $0 == 0 ? .boot : .exited)
        }
        let dropped = max(0, count - ABI.logCapacity)
        runtimeLogBase = chain(from: RuntimeLogChain.start, over: Array(entries[..<dropped]))
        runtimeEntries = Array(entries[dropped...])
        closeRuntimeLog()
    }

    public func event(_ pcr: UInt32, _ type: UInt32, _ name: String) -> BootLog.Event {
        BootLog.Event(pcr: pcr, type: type, digest: SHA256.hash(Array(name.utf8)), data: Array(name.utf8))
    }

    private func chain(from base: [UInt8], over entries: [RuntimeLogEntry]) -> [UInt8] {
        entries.reduce(base) { RuntimeLogChain.value(after: $0, $1.bytes) }
    }

    /// What a verifier who knows this machine expects.
    public var expectations: Expectations {
        Expectations(
            nonce: nonce,
            enrollment: Enrollment(
                attestationKey: attestationKeyArea, certificateDigest: [UInt8](repeating: 0, count: 32)),
            reference: reference, policy: .standard)
    }

    public var reference: ReferenceValues {
        ReferenceValues(
            logHeader: logHeader,
            events: events.map {
                let name = String(decoding: $0.data, as: UTF8.self)
                let isReportKey = name == "sice/report-key"
                return ReferenceValues.Event(
                    pcr: $0.pcr, type: $0.type, digest: isReportKey ? nil : $0.digest, data: $0.data,
                    name: name)
            }, managerDigest: claims.managerDigest,
            images: [.init(name: claims.imageName, measurement: claims.measurement)])
    }
}

public import Appraisal
internal import Crypto
public import Evidence
public import RedTeam
public import Reference
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
    public var omittedClaims: Set<Int64> = []
    public var events: [BootLog.Event] = []
    /// Layout in `LogEntryLayout`.
    public var runtimeEntries: [[UInt8]] = []
    public var runtimeLogBase = [UInt8](repeating: 0, count: 32)
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
        runtimeEntries = [entry(0, .boot), entry(1, .sealed), entry(2, .started)]
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
        claims.logHead = runtimeEntries.reduce(runtimeLogBase) { SHA256.hash($0 + $1) }
        claims.logCount =
            runtimeEntries.last.map { $0.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) } + 1 } ?? 0
    }

    /// Makes the run-time log one of so many entries, of which the manager keeps the last.
    public mutating func fillRuntimeLog(count: Int) {
        let entries = (0..<UInt64(count)).map { entry($0, $0 == 0 ? .boot : .exited) }
        let dropped = max(0, count - ABI.logCapacity)
        let zeros = [UInt8](repeating: 0, count: 32)
        runtimeLogBase = entries[..<dropped].reduce(zeros) { SHA256.hash($0 + $1) }
        runtimeEntries = Array(entries[dropped...])
        closeRuntimeLog()
    }

    public func event(_ pcr: UInt32, _ type: UInt32, _ name: String) -> BootLog.Event {
        BootLog.Event(pcr: pcr, type: type, digest: SHA256.hash(Array(name.utf8)), data: Array(name.utf8))
    }

    public func entry(_ sequence: UInt64, _ event: LogEvent) -> [UInt8] {
        littleEndian(sequence) + littleEndian(event.rawValue) + [UInt8](repeating: 0, count: 54)
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

func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<(T.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
}

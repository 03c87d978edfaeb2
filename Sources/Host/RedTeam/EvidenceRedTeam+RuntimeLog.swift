internal import Appraisal
internal import Evidence
internal import EvidenceFormat
internal import OpenSSLCrypto
internal import ReportFormat
internal import SICEABI

/// Run-time logs without what should not be seen.
extension EvidenceRedTeam {
    static let runtimeLogs = [
        edit("E37", "run-time log cut at its end", success: "what happened last is kept quiet") {
            $0.entries.removeLast()
        },
        edit(
            "E38", "run-time log cut at its start, its base computed", success: "its end passes for the whole"
        ) {
            while $0.entries.count > 1 { $0.dropFirst() }
        },
        edit(
            "E39", "run-time log without its first entry and without a base",
            success: "nobody asks what came first"
        ) {
            $0.entries.removeFirst()
        },
        edit("E40", "entry of the run-time log retyped", success: "a crash passes for an orderly end") {
            $0.set(LogEvent.exited.rawValue, at: LogEntryLayout.event, of: 0)
        },
        edit(
            "E41", "entries of the run-time log reordered and renumbered",
            success: "the order of events is not the true one"
        ) {
            $0.entries.swapAt(0, 1)
            for index in 0..<2 { $0.set($0.first + UInt64(index), at: LogEntryLayout.sequence, of: index) }
        },
        edit("E42", "entry added to the run-time log", success: "the log tells what never happened") {
            $0.entries.append($0.entries[0])
            let index = $0.entries.count - 1
            $0.set($0.first + UInt64(index), at: LogEntryLayout.sequence, of: index)
        },
        edit("E43", "chain value before the run-time log changed", success: "a log starts where no log can") {
            $0.base[0] ^= 1
        },
        EvidenceAttack(
            "E44", "run-time log of another boot", threat: "T16",
            success: "a quiet boot's log covers up for this one", wall: .checks([.runtimeLog])
        ) { scene throws(Unavailable) in
            let other = try scene.need(scene.otherBoot, "another boot")
            guard other.runtimeLog != scene.honest.runtimeLog else {
                throw Unavailable(reason: "both boots left the same run-time log")
            }
            var bundle = scene.honest
            (bundle.runtimeLog, bundle.runtimeLogBase) = (other.runtimeLog, other.runtimeLogBase)
            return Attempt(bundle, scene.expectations)
        },
    ]

    private static func edit(
        _ number: String, _ name: String, success: String,
        _ change: @escaping @Sendable (inout RuntimeLogEditor) -> Void
    ) -> EvidenceAttack {
        EvidenceAttack(number, name, threat: "T16", success: success, wall: .checks([.runtimeLog])) {
            scene throws(Unavailable) in
            var log = try RuntimeLogEditor(scene.honest)
            change(&log)
            var bundle = scene.honest
            (bundle.runtimeLog, bundle.runtimeLogBase) = (log.entries.flatMap { $0 }, log.base)
            return Attempt(bundle, scene.expectations)
        }
    }
}

/// A run-time log that can be changed and written again.
struct RuntimeLogEditor {
    var base: [UInt8]
    var entries: [[UInt8]]
    /// Number of the first entry.
    let first: UInt64

    init(_ bundle: EvidenceBundle) throws(Unavailable) {
        let size = LogEntryLayout.size
        base = bundle.runtimeLogBase
        entries = stride(from: 0, to: bundle.runtimeLog.count, by: size).map {
            Array(bundle.runtimeLog[$0..<($0 + size)])
        }
        guard entries.count > 2 else {
            throw Unavailable(reason: "a run-time log of \(entries.count) entries")
        }
        first = entries[0].prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Takes the first entry out and computes the chain value that goes with the rest.
    mutating func dropFirst() { base = RuntimeLogChain.value(after: base, entries.removeFirst()) }

    mutating func set<T: FixedWidthInteger>(_ value: T, at offset: Int, of index: Int) {
        let bytes = littleEndian(value)
        entries[index].replaceSubrange(offset..<(offset + bytes.count), with: bytes)
    }
}

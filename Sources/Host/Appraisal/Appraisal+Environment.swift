internal import Crypto
internal import Evidence
internal import EvidenceFormat
internal import Reference
internal import ReportFormat
internal import SICEABI

/// Is the environment the expected one, in a state and on a machine that the policy accepts?
extension Appraisal {
    func environmentChecks() -> [Check] {
        let policy = expectations.policy
        let states = policy.states.map(\.name).sorted().joined(separator: " or ")
        return [
            measurementCheck(),
            .compare(
                .debug, expected: policy.allowsDebug ? debugStatus : "release image",
                from: "policy \(policy.name)",
                found: debugStatus, in: "report: debug status"),
            .compare(
                .state, expected: policy.states.contains(claims.state) ? claims.state.name : states,
                from: "policy \(policy.name)", found: claims.state.name, in: "report: state"),
            postureCheck(),
        ] + workloadDataChecks()
    }

    private var debugStatus: String { claims.isDebug ? "debug image" : "release image" }

    private func measurementCheck() -> Check {
        guard let accepted = expectations.measurements ?? expectations.reference?.images.map(\.measurement),
            !accepted.isEmpty
        else {
            return .skipped(.measurement, missing: "what may run with --image, --measurement or --reference")
        }
        let matching = accepted.first { $0 == claims.measurement }
        return .compare(
            .measurement, expected: (matching ?? accepted[0]).hex, from: "expected image",
            found: claims.measurement.hex, in: "report: measurement")
    }

    private func workloadDataChecks() -> [Check] {
        guard let key = expectations.workloadKey else { return [] }
        let expected = SHA256.hash(key) + [UInt8](repeating: 0, count: 32)
        return [
            .compare(
                .workloadData, expected: expected.hex, from: "hash of the given key",
                found: claims.workloadData.hex, in: "report: workload data")
        ]
    }

    /// A protection that the report does not mention is as good as absent.
    private func postureCheck() -> Check {
        let policy = expectations.policy
        let missing = PostureClaim.all.filter { !policy.accepts($0, claims.posture[$0]) }
            .map { claim in "\(claim.name) \(claims.posture[claim]?.name ?? "not reported")" }
        let expected = "\(policy.required.count) protections present"
        return .compare(
            .posture, expected: expected, from: "policy \(policy.name)",
            found: missing.isEmpty ? expected : missing.joined(separator: ", "), in: "report: posture")
    }

    /// The log has every entry that the manager still keeps, and leads to the head that the report signs. A
    /// chain value alone vouches for a suffix only: who cuts the log at its start computes the base that goes
    /// with the rest.
    func runtimeLogChecks() -> [Check] {
        let log = evidence.runtimeLog
        let dropped = claims.droppedLogEntries
        let checks: [Check] = [
            .compare(
                .runtimeLog, expected: "entries \(dropped) to \(claims.logCount)", from: "report: log count",
                found: "entries \(log.start) to \(log.end)", in: "bundle: runtime_log"
            ).noting(dropped == 0 ? "" : missingEntries(dropped)),
            .compare(
                .runtimeLog, expected: claims.logHead.hex, from: "report: log head", found: log.head.hex,
                in: "bundle: runtime_log"),
        ]
        guard dropped == 0 else { return checks }
        return checks + [
            .compare(
                .runtimeLog, expected: [UInt8](repeating: 0, count: 32).hex, from: "start of the log",
                found: bundle.runtimeLogBase.hex, in: "bundle: runtime_log_base")
        ]
    }

    private func missingEntries(_ count: UInt64) -> String {
        "the run-time log is whole from entry \(count) on; those before it are not kept"
    }
}

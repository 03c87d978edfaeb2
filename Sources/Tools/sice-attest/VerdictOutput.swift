internal import Appraisal
internal import Diagnostics
internal import Evidence
internal import Foundation
internal import ReportFormat
internal import SICEABI
internal import StrictJSON

/// A verdict for people and for programs.
enum VerdictOutput {
    private static let schema = "sice.verdict/1"

    static func text(_ verdict: Verdict, _ claims: ReportClaims, _ policy: Policy) -> [String] {
        var lines = ["policy: \(policy.name)"]
        if !policy.tolerated.isEmpty {
            lines.append(
                "  tolerates the absence of: \(policy.tolerated.map(\.name).joined(separator: ", "))")
        }
        if !policy.unrefuted.isEmpty {
            let names = PostureClaim.all.filter(policy.unrefuted.contains).map(\.name)
            lines.append("  accepts as unknown: \(names.joined(separator: ", "))")
        }
        lines.append(
            "environment \(claims.environment): \(claims.imageName) in \(claims.mode.name) mode, "
                + "manager \(claims.managerVersion)")
        lines.append("workload data: \(Hex.encode(claims.workloadData))")
        lines += verdict.checks.flatMap(text)
        return lines + ["verdict: \(verdict.outcome.rawValue)"]
    }

    private static func text(_ check: Check) -> [String] {
        let name = check.identifier.rawValue.padding(toLength: 18, withPad: " ", startingAt: 0)
        switch check.status {
        case .pass: return ["pass     \(name)\(check.statement)"]
        case .skipped: return ["skipped  \(name)\(check.remedy)"]
        case .fail:
            let row = check.identifier.code
            return [
                "FAIL     \(name)\(row.name): \(row.description.summary)",
                "           expected  \(check.expected)  (\(check.expectedSource))",
                "           found     \(check.found)  (\(check.foundSource))",
                "           \(check.remedy)",
            ]
        }
    }

    static func json(_ verdict: Verdict, _ claims: ReportClaims, _ policy: Policy) -> JSON {
        .object([
            "schema": .string(schema), "verdict": .string(verdict.outcome.rawValue),
            "policy": .string(policy.name), "tolerated": .array(policy.tolerated.map { .string($0.name) }),
            "checks": .array(verdict.checks.map(json)), "claims": json(claims),
        ])
    }

    private static func json(_ check: Check) -> JSON {
        let failed = check.status == .fail
        return .object([
            "id": .string(check.identifier.rawValue), "status": .string(check.status.rawValue),
            "statement": .string(check.statement),
            "error": failed ? .string(check.identifier.code.name) : nil,
            "expected": .string(check.expected), "expected_source": .string(check.expectedSource),
            "found": .string(check.found), "found_source": .string(check.foundSource),
            "remedy": check.status == .pass ? nil : .string(check.remedy),
        ])
    }

    private static func json(_ claims: ReportClaims) -> JSON {
        .object([
            "environment": .integer(Int64(claims.environment)), "image": .string(claims.imageName),
            "measurement": .string(Hex.encode(claims.measurement)), "debug": .boolean(claims.isDebug),
            "mode": .string("\(claims.mode.name)"), "state": .string(claims.state.name),
            "workload_data": .string(Hex.encode(claims.workloadData)),
            "manager_digest": .string(Hex.encode(claims.managerDigest)),
            "manager_version": .string(claims.managerVersion),
            "posture": .object(
                PostureClaim.all.map { claim in
                    JSON.Member(claim.name, .string(claims.posture[claim]?.name ?? "not reported"))
                }),
            "runtime_log_entries": .integer(Int64(clamping: claims.logCount)),
            "runtime_log_missing": .integer(Int64(clamping: claims.droppedLogEntries)),
            "boot": .string(Hex.encode(claims.bootIdentifier)),
        ])
    }

    /// For evidence that does not parse.
    static func text(_ error: ToolError) -> [String] { ["verdict: \(Verdict.Outcome.notAppraised.rawValue)"] }

    static func json(_ error: ToolError) -> JSON {
        .object([
            "schema": .string(schema), "verdict": .string(Verdict.Outcome.notAppraised.rawValue),
            "error": .string(error.code.name), "detail": .string(error.detail),
        ])
    }
}

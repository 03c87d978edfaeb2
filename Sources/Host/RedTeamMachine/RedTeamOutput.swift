internal import Appraisal
internal import Foundation
internal import MachineRunner
internal import SICEABI
public import StrictJSON

/// Findings for people and for programs.
public enum RedTeamOutput {
    private static let schema = "sice.red-team/1"

    /// A line for each attack, grouped by threat, and a summary.
    public static func text(_ findings: RedTeam.Findings) -> [String] {
        let threats = Dictionary(grouping: findings.results) { $0.row.threat }
        var lines: [String] = []
        for threat in threats.keys.sorted() {
            lines.append(threat)
            lines += threats[threat, default: []].map(line)
        }
        return lines + [summary(findings)]
    }

    private static func line(_ result: AttackResult) -> String {
        let row = result.row
        let detail =
            switch result.outcome {
            case .held: ""
            case .notTried, .emulatorDied: ": \(result.detail)"
            case .broken, .notProvided: ": \(row.success) (\(result.detail))"
            }
        let claim = result.outcome == .notProvided ? row.excuse.map { ", \($0.name)" } ?? "" : ""
        let name = row.name.padding(toLength: max(26, row.name.count), withPad: " ", startingAt: 0)
        return "  \(row.identifier) \(name) \(result.outcome.rawValue)\(claim), "
            + "\(result.executions) executions\(detail)"
    }

    private static func summary(_ findings: RedTeam.Findings) -> String {
        func count(_ outcome: Outcome) -> Int { findings.results.count { $0.outcome == outcome } }
        let executions = findings.results.reduce(0) { $0 + $1.executions }
        return "\(findings.results.count) attacks, \(executions) executions, \(findings.boots) boots: "
            + "\(count(.held)) held, \(count(.broken)) broken, "
            + "\(count(.notProvided)) not provided by this platform, \(count(.notTried)) not tried"
            + (count(.emulatorDied) > 0 ? ", in \(count(.emulatorDied)) the emulator died" : "")
    }

    /// The catalogue.
    public static func text(_ rows: [AttackRow]) -> [String] {
        rows.map { "\($0.identifier) \($0.threat) \($0.group) \($0.name): \($0.success)" }
    }

    public static func json(_ rows: [AttackRow]) -> JSON {
        .object([
            "schema": .string(schema),
            "attacks": .array(
                rows.map {
                    .object([
                        "id": .string($0.identifier), "name": .string($0.name), "group": .string($0.group),
                        "threat": .string($0.threat), "success": .string($0.success),
                        "excuse": $0.excuse.map { .string($0.name) },
                    ])
                }),
        ])
    }

    public static func json(_ findings: RedTeam.Findings) -> JSON {
        .object([
            "schema": .string(schema), "broken": .boolean(findings.isBroken),
            "boots": .integer(Int64(findings.boots)),
            "posture": .object(
                PostureClaim.all.compactMap { claim in
                    findings.posture[claim].map { JSON.Member(claim.name, .string($0.name)) }
                }),
            "attacks": .array(findings.results.map(json)),
        ])
    }

    private static func json(_ result: AttackResult) -> JSON {
        .object([
            "id": .string(result.row.identifier), "name": .string(result.row.name),
            "group": .string(result.row.group), "threat": .string(result.row.threat),
            "outcome": .string(result.outcome.rawValue),
            "executions": .integer(Int64(clamping: result.executions)), "detail": .string(result.detail),
            "success": .string(result.row.success), "excuse": result.row.excuse.map { .string($0.name) },
            "machine_end": result.end.map { .string($0.description) },
        ])
    }
}

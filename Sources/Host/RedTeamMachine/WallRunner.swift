public import Diagnostics
internal import Foundation
internal import SICEABI

/// Shows that walls are what holds: without each of them its attacks must come through.
public struct WallRunner {
    /// What came of taking out a wall.
    public struct Finding: Equatable, Sendable {
        public let wall: Wall
        /// The attacks, on the machine without the wall.
        public let results: [AttackResult]

        /// An attack that does not see that the wall is gone is blind.
        public var falls: Bool {
            results.count == wall.attacks.count && results.allSatisfy { $0.outcome == .broken }
        }
    }

    /// Seconds for a boot. Without a wall a machine often hangs; that no attack needs as long where all walls stand,
    /// ``runWithAll(_:)`` shows first.
    private static let patience: Double = 40

    private let tree: WallTree
    private let attacker: String
    private let folder: String
    private let emulator: String
    private let seed: UInt64

    /// Copies the sources of the current folder to `tree`. Throws `outputFailed`, `fileMissing`.
    public init(
        tree: String, attacker: String, folder: String, emulator: String, seed: UInt64
    ) throws(ToolError) {
        self.tree = try WallTree(at: tree)
        self.attacker = attacker
        self.folder = folder
        self.emulator = emulator
        self.seed = seed
    }

    /// The attacks of these walls on a machine that has them all; none may be broken. Throws as ``run(_:)``.
    public func runWithAll(_ walls: [Wall]) throws(ToolError) -> RedTeam.Findings {
        try attack(without: nil, Set(walls.flatMap(\.attacks)))
    }

    /// Takes out one wall. Throws `wallStale`, `programFailed`, `usage` for an attack that does not exist, and what
    /// ``RedTeam`` throws.
    public func run(_ wall: Wall) throws(ToolError) -> Finding {
        Finding(wall: wall, results: try attack(without: wall, Set(wall.attacks)).results)
    }

    private func attack(without wall: Wall?, _ attacks: Set<String>) throws(ToolError) -> RedTeam.Findings {
        try tree.build(without: wall)
        let parts = AttackParts(firmware: tree.firmware, attacker: attacker, rom: nil)
        let team = try RedTeam(
            parts, folder: folder, emulator: emulator, seed: seed, patience: WallRunner.patience)
        let (rows, posture) = try team.catalogue()
        let chosen = rows.filter { attacks.contains($0.identifier) }
        guard chosen.count == attacks.count else {
            throw ToolError(.usage, "\(wall?.name ?? "walls"): an attack does not exist")
        }
        return try team.attack(chosen, posture: posture)
    }
}

extension RedTeamOutput {
    /// One line for a wall.
    public static func text(_ finding: WallRunner.Finding) -> String {
        let attacks = finding.results.map { "\($0.row.identifier) \($0.outcome.rawValue) (\($0.detail))" }
        return
            "\(finding.falls ? "falls" : "stands") \(finding.wall.name): \(attacks.joined(separator: ", "))"
    }
}

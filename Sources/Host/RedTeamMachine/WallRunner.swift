public import Diagnostics
internal import Foundation
public import MachineRunner
internal import SICEABI
internal import Synchronization

/// Shows that walls are what holds: without each of them its attacks must come through.
///
/// While a machine is attacked, the firmware of the next walls is built.
public final class WallRunner: Sendable {
    /// What came of taking out a wall.
    public struct Finding: Equatable, Sendable {
        public let wall: Wall
        /// The attacks, on the machine without the wall.
        public let results: [AttackResult]
        /// How a machine ended that came to no attack: it showed nothing of this wall.
        public let unbooted: MachineEnd?

        /// An attack that does not see that the wall is gone is blind.
        public var falls: Bool {
            unbooted == nil && results.count == wall.attacks.count && results.allSatisfy(Finding.comesThrough)
        }

        /// It says so, or its machine is dead. One that only took long shows nothing.
        private static func comesThrough(_ result: AttackResult) -> Bool {
            guard result.outcome == .broken else { return false }
            return result.isAnswered || result.end.map { $0 != .unfinished } ?? false
        }
    }

    /// A machine without a wall often hangs. That no attack is silent for as long where all walls stand,
    /// ``run(_:before:each:)`` shows first.
    private static let patience = Patience(total: 300, silence: 8)

    private let tree: WallTree
    private let attacker: String
    private let folder: String
    private let emulator: String
    private let seed: UInt64
    private let isStopped = Mutex(false)

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

    /// First the attacks of all these walls on a machine that has them all (`before`); when one is broken, nothing
    /// follows. Then each wall is taken out (`each`). Throws `wallStale`, `programFailed`, `usage` for an attack that
    /// does not exist, and what ``RedTeam`` throws.
    public func run(
        _ walls: [Wall], before: (RedTeam.Findings) throws(ToolError) -> Void,
        each: (Finding) throws(ToolError) -> Void
    ) async throws(ToolError) {
        for wall in walls { try tree.check(wall) }
        let whole = try tree.build()
        let builds = build(walls)
        defer { stop(builds) }
        let catalogue = try bareTeam(whole).catalogue()
        let standing = try await attack(Set(walls.flatMap(\.attacks)), whole, catalogue)
        if let end = standing.unbooted { throw ToolError(.machineDied, "\(folder): \(end)") }
        try before(standing)
        guard !standing.isBroken else { return }
        for (wall, build) in zip(walls, builds) {
            guard let firmware = try build.value() else { return }
            let findings = try await attack(Set(wall.attacks), firmware, catalogue)
            try each(Finding(wall: wall, results: findings.results, unbooted: findings.unbooted))
        }
    }

    private typealias Catalogue = (rows: [AttackRow], posture: [PostureClaim: PostureValue])

    /// From ring 0, and as root of Linux. Throws `usage` when an attack does not exist.
    private func attack(
        _ attacks: Set<String>, _ firmware: String, _ catalogue: Catalogue
    ) async throws(ToolError) -> RedTeam.Findings {
        let rows = (catalogue.rows + HostRedTeam.rows).filter { attacks.contains($0.identifier) }
        guard rows.count == attacks.count else {
            let missing = attacks.subtracting(rows.map(\.identifier)).sorted()
            throw ToolError(.usage, "no attack is \(missing.joined(separator: ", "))")
        }
        var findings = try bareTeam(firmware).attackUntilUnbooted(
            rows.filter(catalogue.rows.contains), posture: catalogue.posture)
        let byRoot = rows.filter(HostRedTeam.rows.contains)
        guard !byRoot.isEmpty, findings.unbooted == nil else { return findings }
        let team = try HostRedTeam(
            HostParts(firmware: firmware, rom: nil, emulator: emulator), folder: folder, seed: seed)
        do throws(ToolError) { findings.append(try await team.attack(byRoot)) } catch {
            guard [.machineDied, .machineTimedOut].contains(error.code) else { throw error }
            findings.unbooted = .unfinished
        }
        return findings
    }

    private func bareTeam(_ firmware: String) throws(ToolError) -> RedTeam {
        try RedTeam(
            AttackParts(firmware: firmware, attacker: attacker, rom: nil), folder: folder, emulator: emulator,
            seed: seed, patience: WallRunner.patience)
    }

    /// Builds what lacks one wall each, one after the other: they share the tree. Nil for what nobody wants any more.
    private func build(_ walls: [Wall]) -> [Background<String?>] {
        var builds: [Background<String?>] = []
        for wall in walls {
            let earlier = builds.last
            builds.append(
                Background { [self] () throws(ToolError) in
                    _ = try? earlier?.value()
                    guard !isStopped.withLock({ $0 }) else { return nil }
                    return try tree.build(without: wall)
                })
        }
        return builds
    }

    /// Leaves the tree to others as it was.
    private func stop(_ builds: [Background<String?>]) {
        isStopped.withLock { $0 = true }
        _ = try? builds.last?.value()
    }
}

extension RedTeamOutput {
    /// One line for a wall.
    public static func text(_ finding: WallRunner.Finding) -> String {
        if let end = finding.unbooted {
            return "unseen \(finding.wall.name): its machine comes to no attack (\(end))"
        }
        let attacks = finding.results.map { "\($0.row.identifier) \($0.outcome.rawValue) (\($0.detail))" }
        return
            "\(finding.falls ? "falls" : "stands") \(finding.wall.name): \(attacks.joined(separator: ", "))"
    }
}

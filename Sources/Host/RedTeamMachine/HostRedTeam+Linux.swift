internal import Appraisal
internal import AttestClient
internal import Diagnostics
internal import Evidence
internal import EvidenceFormat
internal import Foundation
internal import MachineRunner
internal import RedTeam
internal import SICEABI

/// Attacks by root of the legacy host, over its console.
extension HostRedTeam {
    func attackFromLinux(
        _ rows: [AttackRow], _ progress: (String) -> Void
    ) async throws(ToolError) -> RedTeam.Findings {
        var findings = RedTeam.Findings()
        for part in RedTeam.boots(of: rows) {
            var left = part[...]
            // A machine that an attack ended leaves the ones behind it to another.
            while !left.isEmpty {
                progress(left.map(\.identifier).joined(separator: " "))
                let site = try site("linux-\(findings.boots)")
                let some = left
                // Where a reset ends the machine, whoever goes on was woken.
                let restarts = some.first?.aftermath == .resets
                let results = try await site.boot(restarts: restarts) { machine, client throws(ToolError) in
                    try await HostRoot(site, machine, client, seed: seed).attack(some)
                }
                findings.boots += 1
                findings.results += results
                left = left.dropFirst(results.count)
            }
        }
        return findings
    }
}

/// Root of a running machine, and the verifier who looks at its evidence after each attack.
struct HostRoot {
    /// How many seconds an attack may be silent. Far longer than any needs.
    private static let patience = 180

    /// What is thrown when an attack left no machine behind that answers.
    private static let ends: Set<ErrorCode> = [
        .machineTimedOut, .targetUnreachable, .targetTimedOut, .targetUnusable, .targetRefused,
    ]

    private let site: HostSite
    private let machine: VirtualMachine
    private let client: TargetClient
    private let shell: HostShell
    private let seed: UInt64
    private let expectations: Expectations

    /// Enrolls the machine. Throws `invalidArgument` when its honest evidence is not affirmed: a verifier who refuses
    /// everything would hold everything.
    init(
        _ site: HostSite, _ machine: VirtualMachine, _ client: TargetClient, seed: UInt64
    ) async throws(ToolError) {
        self.site = site
        self.machine = machine
        self.client = client
        self.seed = seed
        shell = try HostShell(folder: site.folder, patience: HostRoot.patience)
        let enrollment = try await Enroller(authorities: try site.authorities()).enroll(client)
        expectations = try site.expectations(enrollment, Challenge())
        let open = try await openChecks()
        guard open.isEmpty else {
            throw ToolError(.invalidArgument, "the honest evidence is not affirmed: \(HostRoot.names(open))")
        }
    }

    /// Results of the first attacks, up to one that ended the machine.
    func attack(_ rows: ArraySlice<AttackRow>) async throws(ToolError) -> [AttackResult] {
        var results: [AttackResult] = []
        for row in rows {
            guard let attack = LinuxAttack.all[row.identifier] else {
                throw ToolError(.usage, row.identifier)
            }
            do throws(ToolError) {
                results.append(try await make(attack, row))
            } catch {
                guard HostRoot.ends.contains(error.code) else { throw error }
                results.append(AttackResult(row, nil, posture: [:]))
                break
            }
        }
        return results
    }

    private func make(_ attack: LinuxAttack, _ row: AttackRow) async throws(ToolError) -> AttackResult {
        switch attack {
        case .program: return try await run(row, program(row))
        case .script(let name): return try await run(row, "/tests/\(name) \(seed)")
        case .nextBoot(let command): return try await leaveBoot(row, command)
        case .spoils(let command, let checks, let repair):
            let result = try await spoil(row, command, checks)
            if let repair { _ = try shell.run(repair) }
            return result
        }
    }

    private func program(_ row: AttackRow) -> String {
        let base = (site.memorySize - site.smramSize) << 20
        return "/tests/linux-attack \(row.identifier) \(seed) \(base) \(site.smramSize << 20)"
    }

    private func run(_ row: AttackRow, _ command: String) async throws(ToolError) -> AttackResult {
        let result = HostRoot.result(row, try shell.run(command).text)
        guard result.outcome == .held else { return result }
        let open = try await openChecks()
        return open.isEmpty
            ? result
            : AttackResult(
                row, .broken, executions: result.executions,
                detail: "evidence-afterwards: \(HostRoot.names(open))")
    }

    /// Judges what the program wrote, among which the kernel may have written lines of its own.
    static func result(_ row: AttackRow, _ text: String) -> AttackResult {
        let lines = text.split(whereSeparator: \.isNewline).filter {
            $0.hasPrefix("attempt L") || $0.hasPrefix("attack L")
        }
        let transcript = try? AttackTranscript(lines.map { $0 + "\n" }.joined())
        return AttackResult(row, transcript?.answers[row.identifier], posture: [:])
    }

    /// Evidence of the two boots answers one challenge: what root mixes of it is refused for no worse reason.
    private func leaveBoot(_ row: AttackRow, _ command: String) async throws(ToolError) -> AttackResult {
        let challenge = try Challenge()
        let before = try await HostSite.collect(client, challenge)
        let planted = try shell.run("/tests/plant")
        guard planted.status == 0 else { return AttackResult(row, .notTried, detail: planted.text) }
        shell.send(command)
        try shell.wait(for: HostRoot.nextBoot)
        try await machine.waitUntilReady()
        let result = try await run(row, program(row))
        guard result.outcome == .held else { return result }
        var scene = EvidenceScene(
            honest: try await HostSite.collect(client, challenge), expectations: expectations)
        scene.expectations.nonce = challenge.nonce
        scene.otherBoot = before
        let tpm = try ConsoleTPM(shell)
        scene.quoteAsRoot = { tpm.quote($0) }
        for mixed in try EvidenceRedTeam.run(scene, only: HostRoot.mixtures) where mixed.outcome != .held {
            return AttackResult(
                row, .broken, executions: result.executions,
                detail: "\(mixed.attack.number): \(mixed.outcome.rawValue) \(mixed.detail)")
        }
        return result
    }

    /// What the payload says when SMRAM is new.
    private static let nextBoot = "sice: report key made"
    /// Attacks on evidence with that of the boot before.
    private static let mixtures = ["E05", "E06", "E07"]

    private func spoil(
        _ row: AttackRow, _ command: String, _ checks: Set<Check.Identifier>
    ) async throws(ToolError) -> AttackResult {
        let environment = try await client.environment(HostSite.environment)
        let said = try shell.run(command.replacingOccurrences(of: "ENVIRONMENT", with: "\(environment)"))
        guard said.status == 0 else {
            return AttackResult(row, .notTried, detail: "status \(said.status): \(said.text)")
        }
        let open = try await openChecks()
        let outcome = HostRoot.judge(checks, open)
        return AttackResult(row, outcome, detail: open.isEmpty ? "affirmed" : HostRoot.names(open))
    }

    /// Whether the walls of an attack did their part: refused for another reason is not held.
    static func judge(_ walls: Set<Check.Identifier>, _ open: Set<Check.Identifier>) -> Outcome {
        walls.isSubset(of: open) ? .held : .broken
    }

    /// Checks of fresh evidence that do not pass.
    private func openChecks() async throws(ToolError) -> Set<Check.Identifier> {
        let challenge = try Challenge()
        var expectations = expectations
        expectations.nonce = challenge.nonce
        let bundle = try await HostSite.collect(client, challenge)
        let verdict = try Appraiser(UnverifiedEvidence(bundle), expectations).verdict()
        return Set(verdict.checks.filter { $0.status != .pass }.map(\.identifier))
    }

    private static func names(_ checks: Set<Check.Identifier>) -> String {
        checks.map(\.rawValue).sorted().joined(separator: ", ")
    }
}

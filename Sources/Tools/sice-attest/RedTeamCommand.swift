internal import ArgumentParser
internal import Diagnostics
internal import Foundation
internal import MachineRunner
internal import RedTeamMachine
internal import SICEABI
internal import StrictJSON

/// `sice-attest red-team`
struct RedTeamCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "red-team",
        abstract: "Attack the security manager, from ring 0 and as root, and the evidence of machines.",
        discussion: """
            Example: sice-attest red-team --group smram
            Boots a machine whose legacy host is an attacker without operating system, in ring 0 on all cores, and says \
            of each attack whether it was held; then, in group linux, machines whose attacker is root of the legacy host, and, \
            in group evidence, two machines whose evidence is forged, mixed and replayed. `not provided by this \
            platform` is said only where the machine's own signed report says that the protection is missing; `not \
            tried` says nothing about the machine. tools/attack builds what this needs.
            Exit status: 0 nothing broken (or, with --walls, every wall fell), 1 otherwise, 69 a machine did not start.
            """)

    @Option(help: "A coreboot ROM to attack (default: the stand-in for QEMU).")
    var rom: String?

    @Option(parsing: .unconditional, help: "Attacks by their numbers, with commas: A001,E14,L03.")
    var only: String?

    @Option(parsing: .unconditional, help: "One group of attacks, as --list names them.")
    var group: String?

    @Option(parsing: .unconditional, help: "Seed of random choices; the same seed makes the same run.")
    var seed: UInt64 = 1

    @Option(parsing: .unconditional, help: "Go on with other seeds for so many minutes, from ring 0.")
    var soak: Int?

    @Option(parsing: .unconditional, help: "How many machines are attacked from ring 0 at the same time.")
    var machines = 1

    @Flag(help: "Only list the attacks.")
    var list = false

    @Flag(help: "Take out each wall of Tests/Walls in a test build, and see that its attacks come through.")
    var walls = false

    @Argument(help: "With --walls: which.")
    var names: [String] = []

    @Option(help: "QEMU to run the machines in, as tools/emulator prints it (default: the installed one).")
    var emulator: String?

    @Option(help: "Folder with payload.elf, manager.bin and bootblock.bin.")
    var firmware = ".build-firmware"

    @Option(help: "ELF program of the attacker.")
    var attacker = ".build-firmware/probe.elf"

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...64).contains(machines) else { throw ValidationError("machines: 1 to 64") }
        guard walls || names.isEmpty else { throw ValidationError("names are for --walls") }
        guard soak.map({ $0 > 0 }) ?? true else { throw ValidationError("--soak takes 1 minute or more") }
        let others = [
            ("--rom", rom != nil), ("--only", only != nil), ("--group", group != nil),
            ("--soak", soak != nil),
            ("--list", list), ("--machines", machines != 1),
        ].filter(\.1).map(\.0)
        guard !walls || others.isEmpty else {
            throw ValidationError("with --walls there is no use for \(others.joined(separator: ", "))")
        }
        guard !list || soak == nil else { throw ValidationError("with --list there is no use for --soak") }
    }

    func run() async throws {
        // Machines are ended before the program is.
        StandardStreams.outliveReader()
        guard !walls else { return try await runWalls() }
        guard soak == nil || needsBareMachine else {
            throw ToolError(.usage, "--soak is for attacks from ring 0, and none is asked for")
        }
        let folder = FileManager.default.temporaryDirectory.path + "/sice-red-team-\(UUID().uuidString)"
        let bare = needsBareMachine ? try makeBareTeam(folder, seed) : nil
        let (bareRows, posture) = try bare?.catalogue() ?? ([], [:])
        let chosen = try RedTeamCommand.choose(only, group, of: bareRows + HostRedTeam.rows)
        if list {
            try? FileManager.default.removeItem(atPath: folder)
            return try output.print(text: RedTeamOutput.text(chosen), json: RedTeamOutput.json(chosen))
        }
        var findings = RedTeam.Findings()
        if let bare {
            let rows = chosen.filter(bareRows.contains)
            findings.append(try attack(bare, rows, posture, folder))
        }
        let rows = chosen.filter(HostRedTeam.rows.contains)
        if !rows.isEmpty {
            let parts = HostParts(firmware: firmware, rom: rom, emulator: try Emulator.named(emulator))
            let host = try HostRedTeam(parts, folder: folder, seed: seed)
            findings.append(try await host.attack(rows, progress: StandardStreams.progress))
        }
        try output.print(text: RedTeamOutput.text(findings), json: RedTeamOutput.json(findings))
        // What a machine said stays where somebody must look at it.
        guard !findings.isBroken else { throw ExitCode(1) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Whether something is asked for that the other teams do not have.
    private var needsBareMachine: Bool {
        if let group { return !HostRedTeam.rows.contains { $0.group == group } }
        guard let only else { return true }
        return only.split(separator: ",").contains { name in
            !HostRedTeam.rows.contains { $0.identifier == name }
        }
    }

    private func makeBareTeam(_ folder: String, _ seed: UInt64) throws(ToolError) -> RedTeam {
        let parts = AttackParts(firmware: firmware, attacker: attacker, rom: rom)
        return try RedTeam(
            parts, folder: folder, emulator: try Emulator.named(emulator), seed: seed, machines: machines)
    }

    private func attack(
        _ team: RedTeam, _ rows: [AttackRow], _ posture: [PostureClaim: PostureValue], _ folder: String
    ) throws(ToolError) -> RedTeam.Findings {
        var findings = try team.attack(rows, posture: posture, progress: StandardStreams.progress)
        let end = Date(timeIntervalSinceNow: Double(soak ?? 0) * 60)
        var round = seed
        while soak != nil, !findings.isBroken, Date() < end {
            round &+= 1
            let next = try makeBareTeam(folder, round)
            findings.add(try next.attack(rows, posture: posture, progress: StandardStreams.progress))
        }
        return findings
    }

    private func runWalls() async throws {
        let folder = ".build-firmware/walls"
        let all = try Wall.read(folder: Clone.path("Tests/Walls"), names: names)
        let runner = try WallRunner(
            tree: "\(folder)/tree", attacker: attacker, folder: "\(folder)/machine",
            emulator: try Emulator.named(emulator), seed: seed)
        var fallen = 0
        try await runner.run(all) { (before) throws(ToolError) in
            guard before.isBroken else {
                return try StandardStreams.result("stand all: \(before.results.count) attacks held")
            }
            for line in RedTeamOutput.text(before) { try StandardStreams.result(line) }
        } each: { (finding) throws(ToolError) in
            try StandardStreams.result(RedTeamOutput.text(finding))
            if finding.falls { fallen += 1 }
        }
        guard fallen == all.count else { throw ExitCode(1) }
    }

    /// Throws `usage` for a number or group that the catalogue does not have.
    private static func choose(
        _ only: String?, _ group: String?, of rows: [AttackRow]
    ) throws(ToolError) -> [AttackRow] {
        var chosen = rows
        if let group {
            chosen = chosen.filter { $0.group == group }
            guard !chosen.isEmpty else { throw ToolError(.usage, "no attack is in group \(group)") }
        }
        guard let only else { return chosen }
        let identifiers = only.split(separator: ",").map(String.init)
        for identifier in identifiers where !chosen.contains(where: { $0.identifier == identifier }) {
            throw ToolError(.usage, "no attack is \(identifier)")
        }
        return chosen.filter { identifiers.contains($0.identifier) }
    }
}

internal import ArgumentParser
internal import Diagnostics
internal import Foundation
internal import RedTeamMachine
internal import SICEABI
internal import StrictJSON

/// `sice-attest red-team`
struct RedTeamCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "red-team",
        abstract: "Attack the security manager from a machine's ring 0.",
        discussion: """
            Example: sice-attest red-team --group smram
            Boots a machine whose legacy host is an attacker without operating system, in ring 0 on all cores, and says \
            of each attack whether it was held. `not provided by this platform` is said only where the machine's own \
            signed report says that the protection is missing. tools/attack builds what this needs.
            Exit status: 0 nothing broken, 1 something was, 69 a machine did not start.
            """)

    @Option(help: "A coreboot ROM to attack (default: the stand-in for QEMU).")
    var rom: String?

    @Option(help: "Attacks by their numbers, with commas: A001,A020.")
    var only: String?

    @Option(help: "One group of attacks, as --list names them.")
    var group: String?

    @Option(help: "Seed of random choices; the same seed makes the same run.")
    var seed: UInt64 = 1

    @Option(help: "Go on with other seeds for so many minutes.")
    var soak: Int?

    @Flag(help: "Only list the attacks.")
    var list = false

    @Flag(help: "Take out each wall of Tests/Walls in a test build, and see that its attacks come through.")
    var walls = false

    @Argument(help: "With --walls: which.")
    var names: [String] = []

    @Option(help: "The emulator.")
    var emulator = "qemu-system-x86_64"

    @Option(help: "Folder with payload.elf, manager.bin and bootblock.bin.")
    var firmware = ".build-firmware"

    @Option(help: "ELF program of the attacker.")
    var attacker = ".build-firmware/probe.elf"

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard walls || names.isEmpty else { throw ValidationError("names are for --walls") }
    }

    func run() throws {
        guard !walls else { return try runWalls() }
        let folder = FileManager.default.temporaryDirectory.path + "/sice-red-team-\(UUID().uuidString)"
        let parts = AttackParts(firmware: firmware, attacker: attacker, rom: rom)
        let team = try RedTeam(parts, folder: folder, emulator: emulator, seed: seed)
        let (rows, posture) = try team.catalogue()
        let chosen = try RedTeamCommand.choose(only, group, of: rows)
        if list {
            try? FileManager.default.removeItem(atPath: folder)
            return output.print(text: RedTeamOutput.text(chosen), json: RedTeamOutput.json(chosen))
        }
        var findings = try team.attack(chosen, posture: posture, progress: StandardStreams.progress)
        let end = Date(timeIntervalSinceNow: Double(soak ?? 0) * 60)
        var round = seed
        while soak != nil, !findings.isBroken, Date() < end {
            round &+= 1
            let next = try RedTeam(parts, folder: folder, emulator: emulator, seed: round)
            findings.add(try next.attack(chosen, posture: posture, progress: StandardStreams.progress))
        }
        output.print(text: RedTeamOutput.text(findings), json: RedTeamOutput.json(findings))
        // What a machine said stays where somebody must look at it.
        guard !findings.isBroken else { throw ExitCode(1) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func runWalls() throws {
        let folder = ".build-firmware/walls"
        let all = try Wall.read(folder: "Tests/Walls", names: names)
        let runner = try WallRunner(
            tree: "\(folder)/tree", attacker: attacker, folder: "\(folder)/machine", emulator: emulator,
            seed: seed)
        let before = try runner.runWithAll(all)
        guard !before.isBroken else {
            for line in RedTeamOutput.text(before) { StandardStreams.result(line) }
            throw ExitCode(1)
        }
        StandardStreams.result("stand all: \(before.results.count) attacks held")
        var blind = 0
        for wall in all {
            let finding = try runner.run(wall)
            StandardStreams.result(RedTeamOutput.text(finding))
            if !finding.falls { blind += 1 }
        }
        guard blind == 0 else { throw ExitCode(1) }
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

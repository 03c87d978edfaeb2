public import Diagnostics
internal import Evidence
internal import Foundation
internal import MachineRunner
public import SICEABI

/// Attacks a machine, boot after boot, and judges what came of it.
public final class RedTeam: Sendable {
    /// What a run found.
    public struct Findings: Equatable, Sendable {
        public var results: [AttackResult] = []
        /// What the platform's own report says.
        public var posture: [PostureClaim: PostureValue] = [:]
        public var boots = 0

        public init() {}

        init(posture: [PostureClaim: PostureValue]) { self.posture = posture }

        public var isBroken: Bool { results.contains { $0.outcome == .broken } }

        /// Takes over what other attacks found.
        public mutating func append(_ other: Findings) {
            boots += other.boots
            results += other.results
            if posture.isEmpty { posture = other.posture }
        }

        /// Adds another round of the same attacks.
        public mutating func add(_ other: Findings) {
            boots += other.boots
            for result in other.results {
                guard let index = results.firstIndex(where: { $0.row == result.row }) else { continue }
                results[index].add(result)
            }
        }
    }

    private let folder: String
    private let emulator: String
    private let seed: UInt64
    private let patience: Double

    /// Makes the ROM in a folder of its own under `folder`. A boot that takes longer than `patience` seconds, far longer
    /// than any attack needs, counts as hung. Throws what ``AttackParts`` throws, `outputFailed`.
    public init(
        _ parts: AttackParts, folder: String, emulator: String, seed: UInt64, patience: Double = 300
    ) throws(ToolError) {
        self.patience = patience
        self.folder = folder.absolutePath
        self.emulator = emulator
        self.seed = seed
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(count: 1 << 20).write(to: URL(filePath: "\(folder)/disk"))
        } catch { throw ToolError(.outputFailed, "\(folder): \(error.localizedDescription)") }
        try parts.assemble(to: "\(self.folder)/rom")
    }

    /// The attacker's catalogue, and what the platform says of itself. Throws `machineDied` when nothing came.
    public func catalogue() throws(ToolError) -> (rows: [AttackRow], posture: [PostureClaim: PostureValue]) {
        let transcript = try boot([])
        guard transcript.isComplete, !transcript.rows.isEmpty else { throw died }
        return (transcript.rows, try posture(of: transcript))
    }

    /// Makes the attacks of these rows. `progress` hears of each boot.
    public func attack(
        _ rows: [AttackRow], posture: [PostureClaim: PostureValue], progress: (String) -> Void = { _ in }
    ) throws(ToolError) -> Findings {
        var findings = Findings(posture: posture)
        for part in RedTeam.boots(of: rows) {
            var left = part[...]
            // A machine that an attack killed leaves the ones behind it to another.
            while !left.isEmpty {
                progress(left.map(\.identifier).joined(separator: " "))
                let transcript = try boot(Array(left))
                findings.boots += 1
                guard !transcript.attempts.isEmpty else { throw died }
                let tried = left.prefix { transcript.attempts.contains($0.identifier) }
                findings.results += try tried.map { row throws(ToolError) in
                    try judge(row, transcript, isLast: row == tried.last, posture)
                }
                left = left.dropFirst(tried.count)
            }
        }
        return findings
    }

    /// Attacks that leave the machine as it was share a boot with their group; each of the others has its own.
    static func boots(of rows: [AttackRow]) -> [[AttackRow]] {
        var boots: [[AttackRow]] = []
        for row in rows {
            if row.aftermath == .none,
                let index = boots.lastIndex(where: {
                    $0[0].aftermath == .none && $0[0].group == row.group
                })
            {
                boots[index].append(row)
            } else {
                boots.append([row])
            }
        }
        return boots
    }

    /// An attack that leaves no machine behind that can still report has harmed it, whatever it said.
    private func judge(
        _ row: AttackRow, _ transcript: AttackTranscript, isLast: Bool,
        _ posture: [PostureClaim: PostureValue]
    ) throws(ToolError) -> AttackResult {
        var answer = transcript.answers[row.identifier]
        if row.aftermath == .interrupted, let said = answer {
            answer = RedTeam.judge(said, interruptions: transcript.interruptions)
        }
        if isLast, row.aftermath == .none, let said = answer, !said.isBroken,
            (try? self.posture(of: transcript)) == nil
        {
            answer = AttackTranscript.Answer(
                isBroken: true, executions: said.executions, detail: "no-report-afterwards")
        }
        return AttackResult(row, answer, posture: posture)
    }

    /// A boot that nobody cut short shows nothing.
    static func judge(_ said: AttackTranscript.Answer, interruptions: Int) -> AttackTranscript.Answer {
        let isTried = interruptions >= RedTeam.fewestPhases
        return AttackTranscript.Answer(
            isBroken: said.isBroken || !isTried, executions: said.executions + UInt64(interruptions),
            detail: said.isBroken || isTried ? said.detail : "boots-cut-short \(interruptions)")
    }

    /// A boot tells of more phases than that on every ROM.
    private static let fewestPhases = 8

    /// The claims of a report that the manager signed. Throws `reportSignatureInvalid`, or what makes it no report.
    private func posture(
        of transcript: AttackTranscript
    ) throws(ToolError) -> [PostureClaim: PostureValue] {
        let report = try SignedReport(transcript.report)
        guard report.isSigned(by: transcript.key) else { throw ToolError(.reportSignatureInvalid) }
        return report.claims.posture
    }

    private var died: ToolError {
        ToolError(.machineDied, "\(folder)/\(FileName.machineLog) and \(folder)/\(FileName.consoleLog)")
    }

    private func boot(_ rows: [AttackRow]) throws(ToolError) -> AttackTranscript {
        var configuration = BareMachine.Configuration(rom: "\(folder)/rom", folder: folder)
        configuration.emulator = emulator
        let aftermath = rows.first?.aftermath
        configuration.endsAtReset = aftermath != .resets && aftermath != .interrupted
        configuration.hasMonitor = aftermath == .interrupted
        configuration.settings = [("opt/sice/probe", "attack"), ("opt/sice/seed", "\(seed)")]
        if !rows.isEmpty {
            configuration.settings.append(
                ("opt/sice/attack", rows.map(\.number).joined(separator: " ")))
        }
        // What an attacker's DMA goes through: a disk on AHCI, virtio, and QEMU's device for teaching.
        configuration.devices = [
            "-drive", "id=disk,if=none,format=raw,file=disk", "-device", "ide-hd,drive=disk,bus=ide.0",
            "-device", "edu,addr=4", "-device", "virtio-rng-pci,addr=5",
        ]
        let machine = try BareMachine(configuration)
        let interruption = Interruption { machine.stop() }
        defer { interruption.cancel() }
        var interruptions = 0
        if aftermath == .interrupted {
            var others = BootInterruption(machine, console: configuration.console, seed: seed)
            interruptions = try others.run()
        }
        _ = machine.wait(seconds: patience)
        let bytes = (try? InputFile.read(configuration.report)) ?? []
        var transcript = try AttackTranscript(String(decoding: bytes, as: UTF8.self))
        transcript.interruptions = interruptions
        return transcript
    }
}

public import Diagnostics
internal import Evidence
internal import Foundation
public import MachineRunner
internal import ReportFormat
public import SICEABI

/// Attacks a machine, boot after boot, and judges what came of it.
public final class RedTeam: Sendable {
    /// What a run found.
    public struct Findings: Equatable, Sendable {
        public var results: [AttackResult] = []
        /// What the platform's own report says.
        public var posture: [PostureClaim: PostureValue] = [:]
        public var boots = 0
        /// How the machine of a boot ended that came to no attack; what was to follow was not tried.
        var unbooted: MachineEnd?

        public init() {}

        init(posture: [PostureClaim: PostureValue]) { self.posture = posture }

        public var isBroken: Bool { results.contains { $0.outcome == .broken } }

        /// Takes over what other attacks found.
        public mutating func append(_ other: Findings) {
            boots += other.boots
            results += other.results
            unbooted = unbooted ?? other.unbooted
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
    private let patience: Patience
    private let machines: Int

    /// Makes the ROM in a folder of its own under `folder`. A boot that needs more than its patience, far more than any
    /// attack needs, has not held. So many machines are attacked at the same time. Throws what ``AttackParts`` throws,
    /// `outputFailed`.
    public init(
        _ parts: AttackParts, folder: String, emulator: String, seed: UInt64,
        patience: Patience = Patience(total: 300, silence: 60), machines: Int = 1
    ) throws(ToolError) {
        self.machines = machines
        self.patience = patience
        self.folder = folder.absolutePath
        self.emulator = emulator
        self.seed = seed
        do {
            for place in 0..<machines {
                let place = "\(folder)/\(place)"
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
                try Data(count: 1 << 20).write(to: URL(filePath: "\(place)/disk"))
            }
        } catch { throw ToolError(.outputFailed, "\(folder): \(error.localizedDescription)") }
        try parts.assemble(to: "\(self.folder)/rom")
    }

    /// The attacker's catalogue, and what the platform says of itself. Throws `machineDied` when nothing came.
    public func catalogue() throws(ToolError) -> (rows: [AttackRow], posture: [PostureClaim: PostureValue]) {
        let (transcript, end) = try boot([], in: "\(folder)/0")
        guard transcript.isComplete, !transcript.rows.isEmpty else { throw died(end) }
        return (transcript.rows, try posture(of: transcript))
    }

    /// Makes the attacks of these rows. `progress` hears of each boot. Throws `machineDied` when one came to no attack.
    public func attack(
        _ rows: [AttackRow], posture: [PostureClaim: PostureValue],
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(ToolError) -> Findings {
        let findings = try attackUntilUnbooted(rows, posture: posture, progress: progress)
        if let end = findings.unbooted { throw died(end) }
        return findings
    }

    /// The same, but a machine that comes to no attack is a finding, and the last one.
    func attackUntilUnbooted(
        _ rows: [AttackRow], posture: [PostureClaim: PostureValue],
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(ToolError) -> Findings {
        let boots = BootQueue(RedTeam.boots(of: rows))
        let places = (0..<machines).map { place in
            Background { [self] () throws(ToolError) in
                try work(on: boots, posture, in: "\(folder)/\(place)", progress)
            }
        }
        // All of them have ended before one's error is thrown.
        let results = places.map { place in Result { () throws(ToolError) in try place.value() } }
        var parts: [(number: Int, findings: Findings)] = []
        for result in results { parts += try result.get() }
        var findings = Findings(posture: posture)
        for part in parts.sorted(by: { $0.number < $1.number }) { findings.append(part.findings) }
        return findings
    }

    /// One machine after the other, until no boot is left.
    private func work(
        on boots: BootQueue, _ posture: [PostureClaim: PostureValue], in place: String,
        _ progress: (String) -> Void
    ) throws(ToolError) -> [(number: Int, findings: Findings)] {
        var done: [(number: Int, findings: Findings)] = []
        while done.last?.findings.unbooted == nil, let (number, rows) = boots.next() {
            done.append((number, try attack(rows, posture, in: place, progress)))
        }
        return done
    }

    /// Attacks that share a boot; a machine that one of them killed leaves the ones behind it to another.
    private func attack(
        _ rows: [AttackRow], _ posture: [PostureClaim: PostureValue], in place: String,
        _ progress: (String) -> Void
    ) throws(ToolError) -> Findings {
        var findings = Findings(posture: posture)
        var left = rows[...]
        while !left.isEmpty {
            progress(left.map(\.identifier).joined(separator: " "))
            let (transcript, end) = try boot(Array(left), in: place)
            findings.boots += 1
            let tried = left.prefix { transcript.attempts.contains($0.identifier) }
            guard !tried.isEmpty else {
                findings.unbooted = end
                return findings
            }
            findings.results += tried.map { row in
                let answer = answer(of: row, transcript, isLast: row == tried.last)
                return AttackResult(row, answer, posture: posture, end: end)
            }
            left = left.dropFirst(tried.count)
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
    private func answer(
        of row: AttackRow, _ transcript: AttackTranscript, isLast: Bool
    ) -> AttackTranscript.Answer? {
        var answer = transcript.answers[row.identifier]
        if row.aftermath == .interrupted, let said = answer {
            answer = RedTeam.judge(said, interruptions: transcript.interruptions)
        }
        guard isLast, row.aftermath == .none, let said = answer, !said.isBroken,
            (try? self.posture(of: transcript)) == nil
        else { return answer }
        return AttackTranscript.Answer(
            isBroken: true, executions: said.executions, detail: "no-report-afterwards")
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

    private func died(_ end: MachineEnd) -> ToolError {
        ToolError(.machineDied, "\(end); see \(FileName.machineLog) and \(FileName.consoleLog) in \(folder)")
    }

    private func boot(
        _ rows: [AttackRow], in place: String
    ) throws(ToolError) -> (AttackTranscript, MachineEnd) {
        var configuration = BareMachine.Configuration(rom: "\(folder)/rom", folder: place)
        configuration.emulator = emulator
        let aftermath = rows.first?.aftermath
        configuration.endsAtReset = aftermath != .resets && aftermath != .interrupted
        configuration.hasMonitor = aftermath == .interrupted || aftermath == .endsEmulator
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
        // The next boot is in the same folder.
        defer { machine.stop() }
        var interruptions = 0
        if aftermath == .interrupted {
            var others = BootInterruption(machine, console: configuration.console, seed: seed)
            interruptions = try others.run()
        }
        let end = machine.wait(patience)
        let bytes = (try? InputFile.read(configuration.report)) ?? []
        var transcript = try AttackTranscript(String(decoding: bytes, as: UTF8.self))
        transcript.interruptions = interruptions
        return (transcript, end)
    }
}

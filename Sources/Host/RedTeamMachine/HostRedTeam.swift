public import Diagnostics
internal import Foundation
internal import MachineRunner
internal import SICEABI

/// Attacks that need a machine with an operating system and a TPM: on its evidence, and by its root.
public struct HostRedTeam: Sendable {
    /// All rows of this team, in the order in which they are tried.
    public static let rows = evidenceRows + linuxRows

    let folder: String
    let seed: UInt64
    private let parts: HostParts

    /// Makes the ROM in a folder of its own under `folder`. Throws `fileMissing` for a part that is not there,
    /// `outputFailed`, and what ``AttackParts`` throws.
    public init(_ parts: HostParts, folder: String, seed: UInt64) throws(ToolError) {
        self.folder = folder.absolutePath + "/host"
        self.seed = seed
        self.parts = parts
        do {
            try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
        } catch { throw ToolError(.outputFailed, "\(folder): \(error.localizedDescription)") }
        try parts.assemble(to: rom)
    }

    /// Makes the attacks of these rows. `progress` hears of each boot.
    public func attack(
        _ rows: [AttackRow], progress: (String) -> Void = { _ in }
    ) async throws(ToolError) -> RedTeam.Findings {
        var findings = RedTeam.Findings()
        let evidence = rows.filter { $0.group == HostRedTeam.evidenceGroup }
        if !evidence.isEmpty { findings.append(try await attackEvidence(evidence, progress)) }
        let linux = rows.filter { $0.group == HostRedTeam.linuxGroup }
        if !linux.isEmpty { findings.append(try await attackFromLinux(linux, progress)) }
        return findings
    }

    /// A machine; the same name is the same machine.
    func site(_ name: String) throws(ToolError) -> HostSite {
        try HostSite(parts, rom: rom, folder: "\(folder)/\(name)")
    }

    private var rom: String { "\(folder)/rom" }
}

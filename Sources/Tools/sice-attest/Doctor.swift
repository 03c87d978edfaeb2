internal import ArgumentParser
internal import Diagnostics
internal import Foundation
internal import SICEABI
internal import StrictJSON

/// `sice-attest doctor`
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look whether this machine has the programs that the project uses.",
        discussion: """
            Example: sice-attest doctor
            Names the Debian package of each program that is missing; tools/setup installs them.
            """)

    @OptionGroup var output: OutputOptions

    func run() throws {
        let findings = RequiredProgram.all.map { ($0, $0.look()) }
        try output.print(
            text: findings.map(Doctor.text),
            json: .object([
                "schema": .string("sice.doctor/1"), "programs": .array(findings.map(Doctor.json)),
            ]))
        let missing = findings.filter { !$0.1.isUsable }.map { $0.0.package }
        guard missing.isEmpty else {
            throw ToolError(
                .programMissing, "apt-get install \(Set(missing).sorted().joined(separator: " "))")
        }
    }

    private static func text(_ program: RequiredProgram, _ finding: RequiredProgram.Finding) -> String {
        let name = program.name.padding(toLength: max(program.name.count, 20), withPad: " ", startingAt: 0)
        switch finding {
        case .usable(let version): return "found    \(name) \(version)"
        case .tooOld(let version): return "TOO OLD  \(name) \(version), \(program.minimumText) is needed"
        case .missing: return "MISSING  \(name) package \(program.package): \(program.purpose)"
        }
    }

    private static func json(_ program: RequiredProgram, _ finding: RequiredProgram.Finding) -> JSON {
        var version: String?
        if case .usable(let text) = finding { version = text }
        if case .tooOld(let text) = finding { version = text }
        return .object([
            "name": .string(program.name), "package": .string(program.package),
            "usable": .boolean(finding.isUsable), "version": version.map(JSON.string),
        ])
    }
}

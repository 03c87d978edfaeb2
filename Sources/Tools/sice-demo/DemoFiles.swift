internal import Foundation
internal import MachineRunner
internal import SICEABI

/// Where the demo finds what was built, and leaves what it makes.
struct DemoFiles {
    let build: String
    let folder: ResultFolder
    /// The modes that are shown.
    let modes: [ExecutionMode]

    var reference: String { folder.file("reference.json") }
    var enrollment: String { folder.file("enrollment.json") }
    var machine: String { folder.file("machine") }
    /// What the machine says on its serial port: the log of the stages that only talk to it.
    var consoleLog: String { "\(machine)/\(FileName.consoleLog)" }

    func evidence(_ mode: ExecutionMode) -> String { file("evidence", "json", mode) }
    func signature(_ mode: ExecutionMode) -> String { file("signature", "der", mode) }
    var publicKey: String { folder.file("public-key.pem") }

    /// Named after the mode where there are two.
    private func file(_ name: String, _ type: String, _ mode: ExecutionMode) -> String {
        folder.file(modes.count == 1 ? "\(name).\(type)" : "\(name)-\(mode.name).\(type)")
    }

    /// Runs a command of `sice-attest`, which is built beside this program, as a person would.
    func attest(_ stage: Stage, _ arguments: [String]) throws {
        let here = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path
        try stage.run("\(here)/sice-attest", arguments)
    }
}

internal import Appraisal
internal import Crypto
internal import Diagnostics
internal import Foundation
internal import MachineRunner
internal import SICEABI
internal import StrictJSON
internal import Target

/// The stages in order. Commands of `sice-attest` run as the person would run them.
struct Walk {
    let file: String
    let build: String
    let folder: ResultFolder
    /// A ROM of the person's own; nil for the stand-in ROM.
    let corebootROM: String?

    /// The workload's numbers for its operations.
    private static let publicKeyOperation = 1
    private static let signOperation = 2

    private var rom: String { corebootROM == nil ? "\(build)/sice.rom" : folder.file("sice.rom") }
    private var policy: Policy { corebootROM == nil ? .standIn : .emulated }
    /// What the machine says on its serial port: the log of the stages that only talk to it.
    private var consoleLog: String { folder.file("machine/\(FileName.consoleLog)") }
    private var image: String { "\(build)/workloads/signer.image" }

    func run(keep: Bool) async throws {
        let content = try InputFile.read(file)
        if let corebootROM { try flash(corebootROM) }
        try reference()
        let machine = try await start()
        let interruption = Interruption { machine.stop() }
        defer { interruption.cancel() }
        let client = try TargetClient(url: machine.url)
        try enroll(machine)
        let environment = try await findEnvironment(client)
        try await sign(content, environment, client)
        try checkSignature()
        try collect(machine, environment)
        try verify()
        if keep { explainKeptMachine(machine, environment) } else { shutDown(machine) }
        StandardStreams.result("verdict: affirmed")
    }

    /// The legacy host's GRUB is started after the security manager: it knows the demo's disk.
    private func flash(_ source: String) throws {
        let stage = Stage("flashing the security manager into \(source)", log: folder.log("flash"))
        try attest(
            stage,
            [
                "flash", "--rom", source, "--out", rom, "--payload", "\(build)/payload.elf", "--manager",
                "\(build)/manager.bin", "--next", "\(build)/grub.elf", "--replace",
            ])
    }

    private func reference() throws {
        let stage = Stage("computing reference values from the ROM file", log: folder.log("reference"))
        try attest(
            stage, ["reference", "--rom", rom, "--image", image, "--out", folder.file("reference.json")])
    }

    private func start() async throws -> VirtualMachine {
        let state = folder.file("machine")
        let stage = Stage("starting the machine: ROM, security manager, Linux", log: consoleLog)
        return try await stage.run {
            var configuration = MachineConfiguration(rom: rom, folder: state)
            configuration.disk = "\(build)/legacy-host.iso"
            let machine = try VirtualMachine(configuration)
            try await machine.waitUntilReady()
            return machine
        }
    }

    private func enroll(_ machine: VirtualMachine) throws {
        let stage = Stage(
            "enrolling the machine's TPM against its manufacturer's CA", log: folder.log("enroll"))
        let authority = folder.file("machine/\(FileName.authorityCertificates)")
        try attest(
            stage,
            ["enroll", "--url", machine.url, "--ek-ca", authority, "--out", folder.file("enrollment.json")])
    }

    private func findEnvironment(_ client: TargetClient) async throws -> UInt32 {
        let stage = Stage("looking for the isolated environment", log: consoleLog)
        return try await stage.run {
            let answer = try await client.get("/v1/environments")
            guard let found = try EnvironmentList(answer).identifier(named: "signer") else {
                throw ToolError(.noSuchEnvironment, "the machine runs no environment named signer")
            }
            return found
        }
    }

    private func sign(_ content: [UInt8], _ environment: UInt32, _ client: TargetClient) async throws {
        let stage = Stage("signing \(file) inside the isolated environment", log: consoleLog)
        try await stage.run {
            let call = "/v1/call?environment=\(environment)&operation="
            let point = try await client.post(call + "\(Walk.publicKeyOperation)", bytes: [])
            let signature = try await client.post(call + "\(Walk.signOperation)", bytes: content)
            let key = PEM.encode(DER.subjectPublicKeyInfo(p256Point: point), label: "PUBLIC KEY")
            try OutputFile.write(Array(key.utf8), to: folder.file("public-key.pem"))
            try OutputFile.write(signature, to: folder.file("signature.der"))
        }
    }

    private func checkSignature() throws {
        let stage = Stage("checking the signature with openssl", log: folder.log("openssl"))
        try stage.run(
            "openssl",
            [
                "dgst", "-sha256", "-verify", folder.file("public-key.pem"), "-signature",
                folder.file("signature.der"),
                file,
            ])
    }

    private func collect(_ machine: VirtualMachine, _ environment: UInt32) throws {
        let stage = Stage("collecting evidence with a fresh nonce", log: folder.log("collect"))
        try attest(
            stage,
            [
                "collect", "--url", machine.url, "--environment", "\(environment)", "--out",
                folder.file("evidence.json"),
            ])
    }

    /// The appraisal's table goes to standard output; its last line is printed by `run`, when all else is done.
    private func verify() throws {
        let log = folder.log("verify")
        let stage = Stage("verifying", log: log)
        try attest(
            stage,
            [
                "verify", "--evidence", folder.file("evidence.json"), "--challenge",
                folder.file("evidence.json.challenge"), "--enrollment", folder.file("enrollment.json"),
                "--reference",
                folder.file("reference.json"), "--image", image, "--workload-key",
                folder.file("public-key.pem"),
                "--policy", policy.name,
            ])
        let table = String(decoding: try InputFile.read(log), as: UTF8.self).split(separator: "\n")
        guard table.last == "verdict: affirmed" else {
            throw StageFailure(
                stage: stage.name, reason: String(table.last ?? "no verdict"), log: log, status: 1)
        }
        for line in table.dropLast() { StandardStreams.result(String(line)) }
        StandardStreams.result("pass     openssl-dgst-verify")
    }

    private func explainKeptMachine(_ machine: VirtualMachine, _ environment: UInt32) {
        machine.detach()
        StandardStreams.message(
            """
            demo: the machine goes on (process \(machine.identifier))
              evidence  curl '\(machine.url)/v1/evidence?environment=\(environment)&nonce='$(openssl rand -hex 32)
              signature curl --data-binary @FILE '\(machine.url)/v1/call?environment=\(environment)&operation=2'
              console   socat -,rawer UNIX-CONNECT:\(folder.file("machine/\(FileName.console)"))
              end it    kill \(machine.identifier)
            """)
    }

    private func shutDown(_ machine: VirtualMachine) {
        _ = Stage("shutting the machine down", log: "")
        machine.stop()
    }

    /// `sice-attest` is built beside this program.
    private func attest(_ stage: Stage, _ arguments: [String]) throws {
        let here = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path
        try stage.run("\(here)/sice-attest", arguments)
    }
}

internal import Appraisal
internal import AttestClient
internal import Diagnostics
internal import Evidence
internal import EvidenceFormat
internal import Foundation
internal import MachineRunner
internal import ReportFormat
internal import SICEABI
internal import StrictJSON

/// The stages in order. Commands of `sice-attest` run as the person would run them.
struct Walk {
    let files: DemoFiles
    let subject: any Subject
    /// A ROM of the person's own; nil for the stand-in ROM.
    let corebootROM: String?
    /// QEMU: a name that is looked for in PATH, or a path.
    let emulator: String

    private var rom: String { corebootROM == nil ? "\(files.build)/sice.rom" : files.folder.file("sice.rom") }
    private var policy: Policy { corebootROM == nil ? .standIn : .emulated }

    func run(keep: Bool) async throws {
        if let corebootROM { try flash(corebootROM) }
        try reference()
        let site = try await start()
        let machine = site.machine
        try enroll(machine)
        try await show(on: site, keep: keep)
        if !keep { shutDown(machine) }
        try StandardStreams.result("verdict: affirmed")
        for line in ["where the time went:"] + StageClock.picture() { StandardStreams.message(line) }
    }

    /// Lets the subject work in each mode and appraises it there.
    private func show(on site: Site, keep: Bool) async throws {
        var measurements: [[UInt8]] = []
        for mode in files.modes {
            let (environment, line) = try await subject.work(in: mode, on: site)
            try collect(site.machine, environment, mode)
            measurements.append(try verify(mode).measurement)
            try StandardStreams.result(line)
            if keep, mode == files.modes.last {
                explainKeptMachine(site.machine, environment)
            } else {
                try await subject.end(environment, in: mode, on: site)
            }
        }
        if files.modes.count > 1 { try compare(measurements) }
    }

    /// The legacy host's GRUB is started after the security manager: it knows the demo's disk.
    private func flash(_ source: String) throws {
        let stage = Stage(
            "flashing the security manager into \(source)", .flash, log: files.folder.log("flash"))
        try files.attest(
            stage,
            [
                "flash", "--rom", source, "--out", rom, "--payload", "\(files.build)/payload.elf",
                "--manager",
                "\(files.build)/manager.bin", "--next", "\(files.build)/grub.elf", "--replace",
            ])
    }

    private func reference() throws {
        let stage = Stage(
            "computing reference values from the ROM file", .reference, log: files.folder.log("reference"))
        try files.attest(
            stage,
            [
                "reference", "--rom", rom, "--smram", "\(subject.smram)", "--image", subject.image, "--out",
                files.reference,
            ])
    }

    private func start() async throws -> Site {
        let stage = Stage("starting the machine: ROM, security manager, Linux", .boot, log: files.consoleLog)
        return try await stage.run {
            var configuration = MachineConfiguration(rom: rom, folder: files.machine)
            configuration.disk = subject.disk
            configuration.smram = subject.smram
            configuration.emulator = emulator
            let machine = try VirtualMachine(configuration)
            try await machine.waitUntilReady()
            return Site(
                machine: machine, client: try TargetClient(url: machine.url), consoleLog: files.consoleLog,
                shell: try HostShell(folder: files.machine))
        }
    }

    private func enroll(_ machine: VirtualMachine) throws {
        let stage = Stage(
            "enrolling the machine's TPM against its manufacturer's CA", .enroll,
            log: files.folder.log("enroll"))
        let authority = "\(files.machine)/\(FileName.authorityCertificates)"
        try files.attest(
            stage, ["enroll", "--url", machine.url, "--ek-ca", authority, "--out", files.enrollment])
    }

    private func collect(_ machine: VirtualMachine, _ environment: UInt32, _ mode: ExecutionMode) throws {
        let stage = Stage("collecting evidence with a fresh nonce", .attest, log: files.folder.log("collect"))
        try files.attest(
            stage,
            [
                "collect", "--url", machine.url, "--environment", "\(environment)", "--out",
                files.evidence(mode),
            ])
    }

    /// The appraisal's table goes to standard output; its last line is printed by `run`, when all else is done. Returns what
    /// the report says, in the mode that it must be of.
    private func verify(_ mode: ExecutionMode) throws -> ReportClaims {
        let evidence = files.evidence(mode)
        let log = files.folder.log("verify-\(mode.name)")
        let stage = Stage("verifying", .verify, log: log)
        try files.attest(
            stage,
            [
                "verify", "--evidence", evidence, "--challenge", "\(evidence).challenge", "--enrollment",
                files.enrollment, "--reference", files.reference, "--image", subject.image, "--policy",
                policy.name,
            ] + subject.questions)
        let table = String(decoding: try InputFile.read(log), as: UTF8.self).split(separator: "\n")
        guard table.last == "verdict: affirmed" else {
            throw StageFailure(
                stage: stage.name, reason: String(table.last ?? "no verdict"), log: log, status: 1)
        }
        let bundle = try EvidenceBundle(InputFile.read(evidence), path: evidence)
        let claims = try SignedReport(bundle.report).claims
        guard claims.mode == mode else {
            throw StageFailure(
                stage: stage.name, reason: "the report is of \(claims.mode.name) mode", log: log, status: 1)
        }
        for line in table.dropLast() { try StandardStreams.result(String(line)) }
        return claims
    }

    /// One image, both modes: verified evidence of both names the same measurement.
    private func compare(_ measurements: [[UInt8]]) throws {
        let stage = Stage("comparing the measurements of both modes", .verify, log: "")
        guard Set(measurements).count == 1 else {
            throw StageFailure(stage: stage.name, reason: "they differ", log: "", status: 1)
        }
        try StandardStreams.result("pass     same-measurement  \(Hex.encode(measurements[0])) in both modes")
    }

    private func explainKeptMachine(_ machine: VirtualMachine, _ environment: UInt32) {
        machine.detach()
        StandardStreams.message(
            """
            demo: the machine goes on (process \(machine.identifier))
              evidence  curl '\(machine.url)/v1/evidence?environment=\(environment)&nonce='$(openssl rand -hex 32)
              \(subject.advice(environment, machine))
              console   cd \(files.machine.shellWord) && socat -,rawer,escape=0x1d UNIX-CONNECT:\(FileName.console)
                        (of Debian's package socat; Ctrl-] leaves it)
              end it    kill \(machine.identifier)
            """)
    }

    private func shutDown(_ machine: VirtualMachine) {
        _ = Stage("shutting the machine down", .end, log: "")
        machine.stop()
    }
}

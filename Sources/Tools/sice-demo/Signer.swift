internal import AttestClient
internal import Diagnostics
internal import MachineRunner
internal import OpenSSLCrypto
internal import SICEABI

/// A bare program that signs with a key which was made where it runs.
struct Signer: Subject {
    private let file: String
    private let content: [UInt8]
    private let files: DemoFiles

    /// The workload's numbers for its operations.
    private static let publicKeyOperation = 1
    private static let signOperation = 2

    var image: String { "\(files.build)/workloads/signer.image" }
    var disk: String { "\(files.build)/legacy-host.iso" }
    let smram = 64
    var questions: [String] { ["--workload-key", files.publicKey] }

    /// Throws `fileMissing` unless there is something to sign.
    init(signing file: String, files: DemoFiles) throws(ToolError) {
        self.file = file
        self.files = files
        content = try InputFile.read(file)
    }

    func work(in mode: ExecutionMode, on site: Site) async throws -> (environment: UInt32, line: String) {
        let environment = try await site.stage("looking for the isolated environment", .load).run {
            try await site.environment(named: "signer")
        }
        if mode == .multiCore {
            try await site.stage("moving it to a core of its own", .run).run {
                try site.run("sice move \(environment) \(site.options(mode))")
            }
        }
        try await sign(environment, mode, site)
        try checkSignature(mode)
        return (environment, "pass     openssl-dgst-verify")
    }

    private func sign(_ environment: UInt32, _ mode: ExecutionMode, _ site: Site) async throws {
        try await site.stage("signing \(file) inside the isolated environment", .run).run {
            let call = "/v1/call?environment=\(environment)&operation="
            let point = try await site.client.post(call + "\(Signer.publicKeyOperation)", bytes: [])
            let signature = try await site.client.post(call + "\(Signer.signOperation)", bytes: content)
            let key = PEM.encode(DER.subjectPublicKeyInfo(p256Point: point), label: "PUBLIC KEY")
            try OutputFile.write(Array(key.utf8), to: files.publicKey)
            try OutputFile.write(signature, to: files.signature(mode))
        }
    }

    private func checkSignature(_ mode: ExecutionMode) throws {
        let stage = Stage("checking the signature with openssl", .verify, log: files.folder.log("openssl"))
        try stage.run(
            "openssl",
            ["dgst", "-sha256", "-verify", files.publicKey, "-signature", files.signature(mode), file])
    }

    func end(_ environment: UInt32, in mode: ExecutionMode, on site: Site) async throws {
        guard mode == .multiCore else { return }
        try await site.stage("giving the core back", .run).run { try site.run("sice stop \(environment)") }
    }

    func advice(_ environment: UInt32, _ machine: VirtualMachine) -> String {
        "signature curl --data-binary @FILE "
            + "'\(machine.url)/v1/call?environment=\(environment)&operation=\(Signer.signOperation)'"
    }
}

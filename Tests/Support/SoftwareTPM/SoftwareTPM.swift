internal import Foundation
internal import Glibc
public import TPMAttestation

/// A software TPM of its own for one test: swtpm with an endorsement certificate made by a local authority.
public final class SoftwareTPM {
    public let folder: String
    private var process = Process()
    public var socket: String { folder + "/tpm.sock" }

    /// Why tests with one are skipped.
    public static let condition = "needs swtpm, swtpm_setup and tpm2_quote (tools/setup)"

    public static var isInstalled: Bool {
        // Of several names at once a shell may look for the first only.
        ["swtpm", "swtpm_setup", "tpm2_quote"].allSatisfy {
            run(["sh", "-c", "command -v \($0)"], in: "/") != nil
        }
    }

    /// - Parameter rsaBits: of its RSA endorsement key, 2048 or 3072; it has one on P-384 besides. nil: no certificate,
    ///   and a TPM that is there sooner.
    public init(rsaBits: Int? = 2048) throws {
        folder = FileManager.default.temporaryDirectory.path + "/sice-tpm-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/state", withIntermediateDirectories: true)
        if let rsaBits { try certify(rsaBits) }
        try start()
    }

    private func certify(_ rsaBits: Int) throws {
        try configure()
        guard
            Self.run(
                [
                    "swtpm_setup", "--tpm2", "--tpmstate", "state", "--create-ek-cert",
                    "--config", "setup.conf", "--pcr-banks", "sha256", "--overwrite",
                    "--rsa-keysize", String(rsaBits),
                ], in: folder) != nil
        else { throw CocoaError(.executableLoad) }
    }

    private func start() throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "swtpm", "socket", "--tpm2", "--tpmstate", "dir=state", "--server", "type=unixio,path=tpm.sock",
            "--ctrl", "type=unixio,path=control.sock", "--flags", "not-need-init,startup-clear",
        ]
        // Relative names: these programs cannot be told every path.
        process.currentDirectoryURL = URL(filePath: folder)
        try process.run()
        // The socket's file appears before anyone listens on it.
        while process.isRunning, (try? TPMDevice(socket: socket)) == nil { usleep(10_000) }
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func kill() {
        // Not SIGTERM: threads of the test runner block signals, and children inherit that.
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Ends it without a word to the TPM, as when power goes, and starts it again with its state.
    public func cutPower() throws {
        kill()
        try? FileManager.default.removeItem(atPath: socket)
        try start()
    }

    /// PEM certificates that the endorsement certificate chains to.
    public var authorities: [String] {
        ["/ca/issuercert.pem", "/ca/swtpm-localca-rootca-cert.pem"].map { folder + $0 }
    }

    public func open() throws -> AttestationTPM<TPMDevice> { AttestationTPM(try TPMDevice(socket: socket)) }

    /// Runs a program in the TPM's folder; its output, nil when it failed.
    @discardableResult public func run(_ command: String...) -> String? { run(command) }

    @discardableResult public func run(_ command: [String]) -> String? { Self.run(command, in: folder) }

    /// Runs one of tpm2-tools on this TPM; its output, nil when it failed.
    @discardableResult public func runTool(_ command: [String]) -> String? {
        // The library looks for the control channel beside the other.
        try? FileManager.default.createSymbolicLink(
            atPath: socket + ".ctrl", withDestinationPath: "control.sock")
        return run(["env", "TPM2TOOLS_TCTI=swtpm:path=tpm.sock"] + command)
    }

    private func configure() throws {
        try """
        create_certs_tool = /usr/bin/swtpm_localca
        create_certs_tool_config = ca.conf
        create_certs_tool_options = options.conf
        """.write(toFile: folder + "/setup.conf", atomically: true, encoding: .utf8)
        try """
        statedir = ca
        signingkey = ca/signkey.pem
        issuercert = ca/issuercert.pem
        certserial = ca/certserial
        """.write(toFile: folder + "/ca.conf", atomically: true, encoding: .utf8)
        try "--platform-manufacturer SICE --platform-version 1 --platform-model test\n"
            .write(toFile: folder + "/options.conf", atomically: true, encoding: .utf8)
        try FileManager.default.createDirectory(atPath: folder + "/ca", withIntermediateDirectories: true)
    }

    private static func run(_ command: [String], in folder: String) -> String? {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardOutput = output
        process.standardError = output
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? text : nil
    }
}

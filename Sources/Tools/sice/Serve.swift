internal import ArgumentParser
internal import Diagnostics
internal import HostService
internal import LegacyHost
internal import ManagerClient
internal import TPMAttestation

/// `sice serve`
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer challenges and calls over HTTP.",
        discussion: """
            Example: sice serve --port 8080
            then, from elsewhere: curl http://HOST:8080/v1/environments
            Paths: /v1/environments, /v1/evidence, /v1/enrollment, /v1/activate, /v1/call.
            """)

    @Option(parsing: .unconditional, help: "The port.")
    var port: UInt16 = 8080

    func run() throws {
        let server = try HTTPServer(port: port)
        let service = HostService(MachineBackend())
        StandardStreams.message("sice: serving on port \(server.port)")
        while true { server.serveOne(with: service) }
    }
}

/// The machine that this process runs on.
private struct MachineBackend: HostBackend {
    func withManager<Result>(
        _ body: (inout ManagerClient<MachineConnection>) throws(ToolError) -> Result
    ) throws(ToolError) -> Result {
        try HostSession.run(body)
    }

    func openTPM() throws(ToolError) -> AttestationTPM<TPMDevice> { AttestationTPM(try TPMDevice()) }

    func eventLog() throws(ToolError) -> [UInt8] {
        try InputFile.read("/sys/kernel/security/tpm0/binary_bios_measurements")
    }
}

internal import ArgumentParser
internal import Diagnostics
internal import HTTPTransport
internal import HostService
internal import LegacyHost
internal import ManagerClient
internal import TPMAttestation

/// `sice serve`
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer challenges and calls over HTTP.",
        discussion: """
            Example: sice serve --listen 0.0.0.0 --port 8080
            then, from elsewhere: curl http://HOST:8080/v1/environments
            Paths: /v1/environments, /v1/evidence, /v1/enrollment, /v1/activate, and with --allow-calls /v1/call.
            Many clients are served side by side, and their answers are made one at a time. A request must be there \
            \(TransportLimits().request / 1000) seconds after its connection; it may have \
            \(ServiceRoutes.mostCallBytes >> 20) MiB for a call, \(ServiceRoutes.mostBodyBytes >> 10) KiB otherwise. \
            SIGTERM ends the service, once the answers under way are sent.
            """)

    @Option(
        parsing: .unconditional,
        help: "The address to listen on: this machine's own, IPv4 or IPv6; 0.0.0.0 or :: for all of them.")
    var listen = "127.0.0.1"

    @Option(parsing: .unconditional, help: "The port; 0 picks one.")
    var port: UInt16 = 8080

    @Flag(help: "Pass calls on to workloads: whoever reaches the port can then have anything signed.")
    var allowCalls = false

    func run() throws {
        StandardStreams.outliveReader()
        let stop = try StopRequest()
        // Before other threads are there, so that none of them gets the signals.
        try stop.sendOnSignals()
        let listener = try Listener(ListeningAddress(listen, port: port))
        let address = listener.address
        let server = try HTTPServer(
            HostService(MachineBackend(), allowsCalls: allowCalls), at: listener, until: stop)
        StandardStreams.message("sice: serving on \(address)")
        try server.run()
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

public import ArgumentParser
internal import CommandEnd
internal import Diagnostics
internal import HTTPTransport
internal import LegacyHost
internal import ManagerAccess
internal import ServiceAPI

/// The legacy host's daemon. It runs from an initial RAM disk: no Foundation, no shared libraries.
public struct SICED: ParsableCommand {
    /// What the program is called; `sice` by this name is it.
    public static let name = "siced"

    public static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Answer verifiers over HTTP, and `sice` through a socket.",
        discussion: """
            Example: siced --listen 0.0.0.0 --port 8080
            then, from elsewhere: curl http://HOST:8080/v1/environments
            Verifiers: /v1/environments, /v1/evidence, /v1/enrollment, /v1/activate, and with --allow-calls /v1/call.
            Root, through the socket: the same, calls in any case, and /v1/info, /v1/report, /v1/destroy; `sice list`, `info`, \
            `call`, `report` and `destroy` use it when it is there.
            Many clients are served side by side. A request must be there \(TransportLimits().request / 1000) seconds after its \
            connection; it may have \(ServiceRoutes.mostCallBytes >> 20) MiB for a call, \
            \(ServiceRoutes.mostBodyBytes >> 10) KiB otherwise. A verifier's call has \(TransportLimits().call / 1000) seconds.
            SIGTERM ends the service, once the answers under way are sent. Needs root.
            Exit status: 0 done, 64 usage, 69 refused or unavailable, 70 internal.
            """,
        version: ToolVersion.current)

    @Option(
        parsing: .unconditional,
        help: "The address to listen on: this machine's own, IPv4 or IPv6; 0.0.0.0 or :: for all of them.")
    var listen = "127.0.0.1"

    @Option(parsing: .unconditional, help: "The port; 0 picks one.")
    var port: UInt16 = 8080

    @Flag(
        help: "Pass verifiers' calls on to workloads: whoever reaches the port can then have anything signed."
    )
    var allowCalls = false

    @Option(
        help: """
            Where root's socket lies; \(HostSession.folder)/siced without, and none on a machine without a security manager.
            """)
    var socket: String?

    public init() {}

    /// Serves until a signal ends it. Throws what the listeners throw.
    public func run() throws {
        StandardStreams.outliveReader()
        let stop = try StopRequest()
        // Before other threads are there, so that none of them gets the signals.
        try stop.sendOnSignals()
        let verifiers = try Listener(ListeningAddress(listen, port: port))
        var doors = [Door(verifiers, ServiceRoutes(allowsCalls: allowCalls))]
        if let path = try socket ?? HostSession.preparedFolder().map({ $0 + "/siced" }) {
            doors.append(Door(try Listener(socket: path), .control))
        }
        let server = try HTTPServer(at: doors, until: stop) { isWanted in
            HostService(MachineBackend(isWanted))
        }
        StandardStreams.message("siced: serving on \(verifiers.address.map { "\($0)" } ?? "")")
        try server.run()
    }

    /// Runs it and turns what it throws into a message and the documented exit status.
    public static func main() {
        StandardStreams.hold()
        do {
            var command = try parseAsRoot(SystemName.arguments)
            try command.run()
        } catch { end(with: error) }
    }
}

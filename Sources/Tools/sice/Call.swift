internal import ArgumentParser
internal import Diagnostics
internal import LegacyHost
internal import ManagerAccess
internal import SICEABI
internal import ServiceAPI

/// `sice call`
struct Call: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send a request to a workload and print its answer.",
        discussion: """
            Example: sice call 257 --operation 2 --input letter.txt --output letter.sig
            What the operations mean is the workload's business. Request and answer may have \
            \(mostBytes >> 20) MiB each: the one is read as a whole before the workload is asked, the other written afterwards, \
            so that others get their turn meanwhile.
            """)

    @Argument(help: "The environment's id.")
    var environment: UInt32

    @Option(parsing: .unconditional, help: "The operation's number.")
    var operation: UInt32

    @Option(help: "The request's data; - is standard input.")
    var input: String = "/dev/null"

    @Option(help: "Where the answer goes; - is standard output.")
    var output: String = "-"

    @OptionGroup var way: Way

    /// What a machine of a few gigabytes has room for.
    private static let mostBytes = 256 << 20

    func run() throws {
        let source = try InputFile(input)
        let file = try OutputFile(output)
        let request = try source.readRest(limit: Call.mostBytes, tooLarge: .requestTooLarge)
        try file.write(try answer(request))
        try file.commit()
    }

    private func answer(_ request: [UInt8]) throws(ToolError) -> [UInt8] {
        // A daemon does not hold the largest ones.
        if request.count <= ServiceRoutes.mostCallBytes, let daemon = try way.daemon() {
            let target = "/v1/call?environment=\(environment)&operation=\(operation)"
            return try daemon.ask("POST", target, body: request, isCall: true)
        }
        return try HostSession.run { client throws(ToolError) in
            try client.call(
                environment, operation: operation, input: request, mostBytes: Call.mostBytes)
        }
    }
}

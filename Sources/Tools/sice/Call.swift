internal import ArgumentParser
internal import Diagnostics
internal import LegacyHost
internal import ManagerClient

/// `sice call`
struct Call: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send a request of any size to a workload and print its answer.",
        discussion: """
            Example: sice call 257 --operation 2 --input letter.txt --output letter.sig
            What the operations mean is the workload's business.
            """)

    @Argument(help: "The environment's id.")
    var environment: UInt32

    @Option(parsing: .unconditional, help: "The operation's number.")
    var operation: UInt32

    @Option(help: "The request's data; - is standard input.")
    var input: String = "/dev/null"

    @Option(help: "Where the answer goes; - is standard output.")
    var output: String = "-"

    func run() throws {
        var source = try FileSource(input)
        let file = try OutputFile(output)
        try HostSession.run { client throws(ToolError) in
            try client.call(environment, operation: operation, input: &source) { piece throws(ToolError) in
                try file.write(piece)
            }
        }
        try file.commit()
    }
}

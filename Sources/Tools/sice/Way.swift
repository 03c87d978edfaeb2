internal import ArgumentParser
internal import Diagnostics
internal import LegacyHost
internal import SICEABI

/// How a command reaches the manager: through `siced` when that runs, else by itself.
struct Way: ParsableArguments {
    @Flag(help: "Ask the manager from this process, also when `siced` runs.")
    var direct = false

    @Option(
        help: """
            Where `siced` listens (default: \(HostSession.folder)/siced, if it runs). Where it is named it must be there.
            """)
    var socket: String?

    func validate() throws {
        if direct, socket != nil { throw ValidationError("--direct goes past siced, and --socket to it") }
    }

    /// A connection to it; nil when this process is to ask the manager. Throws `targetUnreachable` when nobody listens where
    /// somebody was said to: another way than the one that was asked for would not be noticed.
    func daemon() throws(ToolError) -> ServiceClient? {
        guard !direct else { return nil }
        if let client = try ServiceClient.connect(socket ?? HostSession.folder + "/siced") { return client }
        if let socket { throw ToolError(.targetUnreachable, socket) }
        return nil
    }
}

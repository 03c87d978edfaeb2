internal import ArgumentParser
internal import Diagnostics
internal import LegacyHost

/// How a command reaches the manager: through `siced` when that runs, else by itself.
struct Way: ParsableArguments {
    @Flag(help: "Ask the manager from this process, also when `siced` runs.")
    var direct = false

    @Option(help: "Where `siced` listens, if it runs.")
    var socket = HostSession.folder + "/siced"

    /// A connection to it; nil when this process is to ask the manager.
    func daemon() throws(ToolError) -> ServiceClient? {
        direct ? nil : try ServiceClient.connect(socket)
    }
}

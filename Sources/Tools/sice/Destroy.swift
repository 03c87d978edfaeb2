internal import ArgumentParser
internal import Diagnostics
internal import LegacyHost
internal import ManagerAccess

/// `sice destroy`
struct Destroy: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Erase an environment and free its memory.",
        discussion: """
            Example: sice destroy 257
            """)

    @Argument(help: "The environment's id.")
    var environment: UInt32

    @OptionGroup var way: Way

    func run() throws {
        if let daemon = try way.daemon() {
            _ = try daemon.ask("POST", "/v1/destroy?environment=\(environment)")
            return
        }
        try HostSession.run { client throws(ToolError) in try client.destroy(environment) }
    }
}

internal import AttestClient
internal import Diagnostics
internal import MachineRunner
internal import SICEABI

/// What runs in the isolated environment, and shows that it does.
protocol Subject {
    /// The image whose measurement must be in the report.
    var image: String { get }
    /// The legacy host's disk, with the image on it.
    var disk: String { get }
    /// TSEG in MiB.
    var smram: Int { get }
    /// What `verify` is asked besides, and where it is answered.
    var questions: [String] { get }

    /// Brings it into a mode and lets it show itself there. Returns the environment's id and a line for the person.
    func work(in mode: ExecutionMode, on site: Site) async throws -> (environment: UInt32, line: String)
    /// Ends what ``work(in:on:)`` began. A running machine's last one is left as it is when the machine is kept.
    func end(_ environment: UInt32, in mode: ExecutionMode, on site: Site) async throws
    /// How to talk to it on a machine that goes on.
    func advice(_ environment: UInt32, _ machine: VirtualMachine) -> String
}

/// A machine that runs.
struct Site {
    let machine: VirtualMachine
    let client: TargetClient
    let consoleLog: String
    /// Its legacy host, as root: what runs there is the machine owner's business, and nothing that it says is believed.
    let shell: HostShell

    /// The CPU that Linux gives up; it keeps CPU 0.
    private static let core = 1

    /// Options of `sice` for a mode.
    func options(_ mode: ExecutionMode) -> String {
        mode == .multiCore ? "--mode \(mode.name) --core \(Site.core)" : "--mode \(mode.name)"
    }

    func stage(_ name: String, _ purpose: Stage.Purpose) -> Stage {
        Stage(name, purpose, log: consoleLog)
    }

    /// Runs a command there. Throws `targetRefused` with its words when it fails.
    @discardableResult
    func run(_ command: String) throws(ToolError) -> String {
        let answer = try shell.run(command)
        guard answer.status == 0 else { throw ToolError(.targetRefused, "\(command): \(answer.text)") }
        return answer.text
    }

    /// The id of the first environment with a name. Throws `noSuchEnvironment`.
    func environment(named name: String) async throws(ToolError) -> UInt32 {
        try await client.environment(name)
    }
}

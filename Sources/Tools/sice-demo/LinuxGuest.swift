internal import Diagnostics
internal import Foundation
internal import MachineRunner
internal import SICEABI

/// Debian's kernel, unmodified, with a shell on its console.
struct LinuxGuest: Subject {
    let files: DemoFiles

    var image: String { "\(files.build)/guest/guest.image" }
    var disk: String { "\(files.build)/guest/demo.iso" }
    let smram = 768
    let questions: [String] = []

    /// Typed to the guest, whose shell computes the answer.
    private static let line = "echo \"answer: $((6 * 7)) from $(uname -n)\""
    private static let answer = "answer: 42 from guest"
    /// Longer than any boot under emulation takes, also beside other work.
    private static let patience: Double = 300
    /// Succeeds once `sice run` has ended: its status is renamed into place, whole.
    private static let end = "test -e /tmp/guest.status"

    func work(in mode: ExecutionMode, on site: Site) async throws -> (environment: UInt32, line: String) {
        let environment = try await site.stage("looking for the Linux guest's environment", .load).run {
            try await findEnvironment(site)
        }
        try await site.stage("booting Linux in it, in \(mode.name) mode", .run).run {
            try site.run(
                "rm -f /tmp/guest.*; mkfifo /tmp/guest.keys; (sice run \(environment) \(site.options(mode)) "
                    + ">/tmp/guest.out 2>/tmp/guest.err; echo $? >/tmp/guest.ending; "
                    + "mv /tmp/guest.ending /tmp/guest.status) & true")
            try waitUntil("grep -q 'guest: ready' /tmp/guest.out", site)
        }
        try await site.stage("typing a line to its console", .run).run {
            try site.run(
                "exec 3<>/tmp/guest.keys; sice console \(environment) <&3 >/tmp/guest.seen 2>&1 & true")
            let type = "echo '\(LinuxGuest.line)' >&3"
            try waitUntil("\(type); sleep 1; grep -q '^\(LinuxGuest.answer)' /tmp/guest.seen", site)
        }
        return (environment, "pass     console           the guest says: \(LinuxGuest.answer)")
    }

    /// The boot of the machine made one; a guest that was switched off needs a new one, of the same image.
    private func findEnvironment(_ site: Site) async throws(ToolError) -> UInt32 {
        do throws(ToolError) { return try await site.environment(named: "guest") } catch {
            guard error.code == .noSuchEnvironment else { throw error }
        }
        try site.run("sice create /images/guest.image")
        return try await site.environment(named: "guest")
    }

    func end(_ environment: UInt32, in mode: ExecutionMode, on site: Site) async throws {
        try await site.stage("switching the guest off", .end).run {
            try site.run("echo exit >&3")
            try waitUntil(LinuxGuest.end, site)
            try site.run("exec 3>&-; grep -qx 0 /tmp/guest.status")
            try site.run("sice destroy \(environment)")
        }
    }

    /// Waits until a command of the legacy host succeeds. Throws `workloadFailed` when the guest ends instead.
    private func waitUntil(_ condition: String, _ site: Site) throws(ToolError) {
        guard
            try site.shell.wait(until: condition, unless: LinuxGuest.end, seconds: LinuxGuest.patience)
        else {
            throw ToolError(.workloadFailed, try site.shell.run("cat /tmp/guest.status /tmp/guest.err").text)
        }
    }

    func advice(_ environment: UInt32, _ machine: VirtualMachine) -> String {
        "guest     sice console \(environment)     on the machine's console, below"
    }
}

import AttestClient
import Diagnostics
import SICEABI
import Testing

/// Device models that die or lie: the guest may be lost by a typed crash, and nothing else.
extension LinuxGuestQEMUTests {
    private static let online = "cat /sys/devices/system/cpu/cpu1/online"

    private func state(of identifier: String) throws -> String {
        try machine.console.run("sice list | awk '$1 == \(identifier) { print $3 }'").text
    }

    func freePages() throws -> String { try machine.console.run("/tests/nonsense pool").text }

    /// The host is as it was: its CPU, the other environments, and every page of SMRAM.
    func expectUnharmed(freePages before: String) async throws {
        let console = machine.console
        #expect(try console.run(Self.online).text == "1")
        let signer = try await machine.client.environment("signer")
        #expect(try console.run("sice call \(signer) --operation 1 | wc -c").text == "65")
        #expect(try freePages() == before)
    }

    /// SIGKILL while the guest writes its console, again and again: `sice run` goes on with it, `stop` gives the CPU back,
    /// `destroy` gives all memory back.
    @Test(arguments: ["--mode time-sharing", "--mode multi-core --core 1"])
    func outlive_deadDeviceModel(_ options: String) async throws {
        let console = machine.console
        let isIsolated = options.contains("multi-core")
        let before = try freePages()
        let identifier = try console.run("sice create /tests/guest.image").text
        for round in 1...2 {
            // The guest writes each character of its boot messages to a port.
            let death = try console.run(
                "sice run \(identifier) \(options) >/tmp/console 2>/tmp/errors & "
                    + "for i in $(seq \(300 / round)); do test -s /tmp/console && break; sleep 0.1; done; "
                    + "kill -9 $!; wait $!"
            )
            #expect(death.status == 128 + 9)
            // What the devices were told went with the first model: what the guest does beside a second one is not promised.
            if round == 1 { #expect(try console.run("test -s /tmp/console").status == 0) }
            #expect(try state(of: identifier) == (isIsolated ? "running" : "runnable"))
            #expect(try console.run(Self.online).text == (isIsolated ? "0" : "1"))
            if isIsolated {
                let refusals: [(String, ErrorCode)] = [
                    ("run \(identifier) \(options)", .noSuchCore),
                    ("destroy \(identifier)", .environmentBusy),
                ]
                for (command, error) in refusals {
                    let refused = try console.run("sice \(command)")
                    #expect(refused.text.contains("error: \(error.name):"), "\(refused.text)")
                    #expect(refused.status == error.description.exitStatus)
                }
            }
            #expect(try console.run("sice stop \(identifier)").status == 0)
            #expect(try state(of: identifier) == "runnable")
        }
        let nobody = try console.run("sice console \(identifier)")
        #expect(nobody.text.contains("error: \(ErrorCode.guestNotServed.name):"), "\(nobody.text)")
        #expect(try console.run("sice destroy \(identifier)").status == 0)
        try await expectUnharmed(freePages: before)
    }

    /// Random answers, interrupts, and exchange pages. What can be refused is refused with its own error, or the program
    /// says so.
    @Test(arguments: [(1, ""), (2, ""), (3, "1"), (4, "1")])
    func outlive_nonsense(_ seed: Int, _ core: String) async throws {
        let console = machine.console
        let before = try freePages()
        let identifier = try console.run("sice create /tests/guest.image").text
        if !core.isEmpty {
            #expect(try console.run("echo 0 >/sys/devices/system/cpu/cpu\(core)/online").status == 0)
        }
        let answer = try console.run(
            "taskset \(core.isEmpty ? 2 : 1) /tests/nonsense \(identifier) \(seed) 6 \(core)")
        #expect(answer.status == 0, "\(answer.text)")
        if !core.isEmpty {
            #expect(try console.run("echo 1 >/sys/devices/system/cpu/cpu\(core)/online").status == 0)
        }
        #expect(try state(of: identifier) == (answer.text.hasSuffix("lived") ? "runnable" : "dead"))
        #expect(try console.run("sice destroy \(identifier)").status == 0)
        try await expectUnharmed(freePages: before)
    }
}

import AttestClient
import Diagnostics
import Evidence
import EvidenceFormat
import OpenSSLCrypto
import ReportFormat
import SICEABI
import StrictJSON
import Testing

/// An unmodified Debian kernel with 512 MiB in an isolated environment, served by `sice run` in the legacy host.
@Suite(
    .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"), .serialized,
    BootedMachine(disk: "tests/linux-guest.iso", smram: 768), .timeLimit(.minutes(15)))
struct LinuxGuestQEMUTests {
    let machine: BootedMachine.Access

    init() throws { machine = try #require(BootedMachine.current) }

    /// Boots the guest, types `lines` once its shell shows its prompt (busybox's, before 1.37 and since), and waits for the end of
    /// `sice run`. Gives what the guest's console and `sice run` said, and the exit status of `sice run`.
    private func boot(
        typing lines: [String], options: String = ""
    ) throws -> (console: String, errors: String, status: Int, state: String) {
        let console = machine.console
        let created = try console.run("sice create /tests/guest.image")
        try #require(created.status == 0, "\(created.text)")
        let identifier = created.text
        let typed = lines.map { "echo '\($0)'" }.joined(separator: "; ")
        let run = try console.run(
            "sice run \(identifier) \(options) >/tmp/console 2>/tmp/errors & "
                + "for i in $(seq 1000); do grep -q '^[/~] # ' /tmp/console && break; sleep 0.2; done; "
                + "(sleep 1; \(typed)) | sice console \(identifier) >/tmp/seen 2>&1; wait $!")
        let state = try console.run("sice list | awk '$1 == \(identifier) { print $3 }'").text
        let output = try console.run("tr -d '\\r' </tmp/console | tail -n 40").text
        let errors = try console.run("cat /tmp/errors").text
        #expect(try console.run("sice destroy \(identifier)").status == 0)
        return (output, errors, run.status, state)
    }

    /// The guest's own commands answer, `sice console` shows them, and power-off ends `sice run` with 0.
    @Test func boot_toAShellAndPowerOff() throws {
        let result = try boot(typing: ["echo sum: $((6 * 7)) $(uname -n)", "exit"])
        #expect(result.console.contains("sum: 42 guest"), "\(result.console)")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try machine.console.run("grep -c 'sum: 42 guest' /tmp/seen").text == "1")
        let memory = try machine.console.run("grep -o 'Memory: .*' /tmp/console").text
        #expect(memory.contains("/5239"), "\(memory)")
    }

    /// The same image on a CPU of its own: the device model looks at its exits from another CPU.
    @Test func boot_onACoreOfItsOwnAndPowerOff() throws {
        let result = try boot(
            typing: ["echo sum: $((6 * 7)) $(uname -n)", "exit"], options: "--mode multi-core --core 1")
        #expect(result.console.contains("sum: 42 guest"), "\(result.console)")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try machine.console.run("cat /sys/devices/system/cpu/cpu1/online").text == "1")
    }

    /// A guest that crashes on a CPU of its own gives it back.
    @Test func crash_onACoreOfItsOwn() async throws {
        let before = try freePages()
        let result = try boot(
            typing: ["devmem 0xD0000000 32"], options: "--mode multi-core --core 1")
        #expect(result.errors.contains("SICE-E0917"), "\(result.errors)")
        #expect(result.status == 69 && result.state == "dead")
        try await expectUnharmed(freePages: before)
    }

    /// A guest that panics, or is told to, asks for a reset.
    @Test func end_resetByType() throws {
        let result = try boot(typing: ["echo c >/proc/sysrq-trigger"])
        #expect(result.errors.contains("SICE-E0933"), "\(result.errors)")
        #expect(result.console.contains("Kernel panic"))
        #expect(result.status == 69)
        #expect(result.state == "runnable")
    }

    /// Each of them is dead, typed, in the run-time log with its number, and destroyed without a trace; the host goes on.
    @Test(
        arguments: [
            (["echo triple >/sys/kernel/reboot/type", "reboot -f"], "triple fault", CrashCode.shutdown),
            (["devmem 0xD0000000 32"], "access outside its memory at 0xd0000000", CrashCode.memoryMap),
            (["string-port"], "forbidden instruction", CrashCode.forbiddenInstruction),
        ] as [([String], String, UInt64)])
    func crash_byType(_ lines: [String], _ words: String, _ code: UInt64) async throws {
        let before = try freePages()
        let result = try boot(typing: lines)
        #expect(result.errors.contains("SICE-E0917") && result.errors.contains(words), "\(result.errors)")
        #expect(result.status == 69)
        #expect(result.state == "dead")
        let identifier = try await machine.client.environment("signer")
        let nonce = String(repeating: "11", count: 32)
        let answer = try await machine.client.get(
            "/v1/evidence?nonce=\(nonce)&environment=\(identifier)")
        let bundle = try EvidenceBundle(answer, path: "answer")
        let log = try RuntimeLog(bundle.runtimeLog, base: bundle.runtimeLogBase)
        #expect(log.entries.contains { $0.event == .crashed && $0.details[0] == code })
        try await expectUnharmed(freePages: before)
    }

    /// A forbidden MSR is an I/O error inside the guest, a port without a device reads as ones, and the guest goes on.
    @Test func live_withForbiddenRegister() throws {
        let result = try boot(typing: [
            "dd if=/dev/cpu/0/msr bs=8 count=1 skip=402661411 of=/dev/null; echo read: $?",
            "dd if=/dev/cpu/0/msr bs=8 count=1 skip=50 of=/dev/null; echo other: $?", "exit",
        ])
        #expect(result.console.contains("read: 1") && result.console.contains("other: 1"))
        #expect(result.status == 0, "\(result.errors)")
    }

    /// The environment's own evidence: the report names the measurement that `sice-attest build` printed.
    @Test func report_namesTheImage() async throws {
        let console = machine.console
        let identifier = try console.run("sice create /tests/guest.image").text
        let nonce = String(repeating: "22", count: 32)
        let answer = try await machine.client.get(
            "/v1/evidence?nonce=\(nonce)&environment=\(identifier)")
        let report = try SignedReport(EvidenceBundle(answer, path: "answer").report)
        let image = try InputFile.read(BootedMachine.product("guest/guest.image"))
        #expect(report.claims.measurement == SHA256.hash(image))
        #expect(try console.run("sice destroy \(identifier)").status == 0)
    }

    /// Vector, protection-key and debug registers of a host process come back from each slice, while the guest's kernel
    /// boots and clears its own; timers beside it go on.
    @Test(arguments: [1, 2])
    func keep_hostStateBesideAGuest(_ core: Int) throws {
        let console = machine.console
        let identifier = try console.run("sice create /tests/guest.image").text
        let answer = try console.run("taskset \(core) /tests/host-state \(identifier) 400")
        #expect(answer.text == "slept" && answer.status == 0, "\(answer.text)")
        #expect(try console.run("sice destroy \(identifier)").status == 0)
    }

    @Test func reject_whatALinuxGuestCannotDo() throws {
        let console = machine.console
        let identifier = try console.run("sice create /tests/guest.image").text
        for (command, error, status) in [
            ("sice move \(identifier) --mode multi-core --core 1", ErrorCode.guestNotServed, 69),
            ("sice run \(identifier) --mode multi-core --core 1 --detach", .invalidArgument, 64),
        ] {
            let answer = try console.run(command)
            #expect(answer.text.contains(error.name) && answer.status == status, "\(answer.text)")
        }
        #expect(try console.run("cat /sys/devices/system/cpu/cpu1/online").text == "1")
        #expect(try console.run("sice destroy \(identifier)").status == 0)
    }

    @Test func reject_consoleOfNobody() throws {
        let answer = try machine.console.run("sice console 4711")
        #expect(answer.text.contains("SICE-E0934") && answer.status == 69)
    }
}

import Testing

/// `sice console` on a terminal.
extension LinuxGuestQEMUTests {
    /// The guest's console gets the terminal's size when it connects and after each change, which programs there are told of;
    /// Ctrl-] leaves a guest that goes on.
    @Test func console_passesTheTerminalsSize() throws {
        let console = machine.console
        let identifier = try console.run("sice create /tests/guest.image").text
        try #require(
            console.run(
                "mkdir -p /dev/pts; mount -t devpts terminals /dev/pts; "
                    + "rm -f /tmp/keys; mkfifo /tmp/keys; exec 4<>/tmp/keys; "
                    + "sice run \(identifier) >/tmp/console 2>/tmp/errors & "
                    + "for i in $(seq 300); do grep -q 'guest: ready' /tmp/console && break; sleep 0.2; done; "
                    + "/tests/on-terminal 33 101 sice console \(identifier) <&4 >/tmp/seen 2>&1 & sleep 1"
            ).status == 0)
        #expect(try type(["stty size"], untilThereIs: "33 101"))
        // Not the shell itself, which listens for itself while a line is typed.
        let program = "(trap \"stty size; exit\" WINCH; for i in $(seq 200); do sleep 0.2; done)"
        _ = try console.run("echo '\(program)' >&4")
        #expect(try type(["~size 44 122", "~size 45 122"], untilThereIs: "4[45] 122"))
        let detached = try console.run(
            "for i in $(seq 20); do printf '\\035\\n' >&4; sleep 0.2; grep detached /tmp/seen && break; done")
        #expect(detached.text.contains("sice: detached"))
        let end = try console.run(
            "exec 4>&-; (sleep 1; echo exit) | sice console \(identifier) >/dev/null 2>&1; sleep 1; "
                + "cat /tmp/errors; sice destroy \(identifier)")
        #expect(end.text == "" && end.status == 0, "\(end.text)")
    }

    /// `sice run | head`, and a disk that is full: the guest keeps its devices, and others read its console.
    @Test(arguments: [("| head -n 1 >/tmp/first", "0"), (">/dev/full", "74")])
    func run_goesOnWithoutItsReader(_ output: String, _ status: String) throws {
        let console = machine.console
        let identifier = try console.run("sice create /tests/guest.image").text
        let end = try console.run(
            "rm -f /tmp/status; (sice run \(identifier) 2>/tmp/errors; echo $? >/tmp/status) \(output) & sleep 2; "
                + "(for i in $(seq 200); do sleep 1; echo exit; done) 2>/dev/null | sice console \(identifier) "
                + ">/tmp/seen 2>&1; for i in $(seq 50); do test -s /tmp/status && break; sleep 0.2; done; "
                + "cat /tmp/status; grep -c 'guest: ready' /tmp/seen; grep -c 'standard output' /tmp/errors; "
                + "sice destroy \(identifier)")
        #expect(end.text == "\(status)\n1\n\(status == "0" ? 0 : 1)", "\(end.text)")
    }

    /// Types lines again and again until another one is there.
    private func type(_ lines: [String], untilThereIs words: String) throws -> Bool {
        let typing = lines.map { "echo '\($0)' >&4; sleep 0.5; " }.joined()
        let look = "tr -d '\\r' </tmp/seen | grep -qx '\(words)'"
        return try machine.console.run("for i in $(seq 30); do \(typing) \(look) && break; done; \(look)")
            .status == 0
    }
}

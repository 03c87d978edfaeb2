import Testing
import WindowNetwork

/// A Linux guest's network: its agent in the guest, `sice run --network` in the legacy host, and between them nothing but a
/// window. The guest's image holds Debian's ssh server and a web server.
@Suite(
    .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"), .serialized,
    BootedMachine(disk: "tests/network.iso", smram: 512), .timeLimit(.minutes(15)))
struct GuestNetworkQEMUTests {
    let console: Console

    init() throws { console = try #require(BootedMachine.current).console }

    /// A guest with a network, until the test's end.
    private struct Served {
        let console: Console
        let identifier: String
        /// 10.83.SLOT.
        let network: String

        init(_ console: Console, _ options: String = "") throws {
            self.console = console
            let created = try console.run("sice create /tests/network.image")
            identifier = created.text
            network = "10.83.\(try #require(Int(created.text)) % 16)."
            _ = try console.run(
                "sice run \(identifier) --network \(options) >/tmp/console 2>/tmp/errors & echo $! >/tmp/served"
            )
            // A busy machine boots a guest in a minute or more.
            for _ in 0..<20 where try !appears("guest: ready", in: "/tmp/console") {}
            let answer = try inGuest("uname -n")
            try #require(answer == "guest", "\(answer)")
        }

        /// What a command says in the guest, by ssh.
        func inGuest(_ command: String) throws -> String {
            try console.run("(dbclient -y -i /tests/key root@\(network)2 '\(command)' 2>/dev/null)").text
        }

        /// Whether a word appears in a file within ten seconds.
        func appears(_ word: String, in file: String) throws -> Bool {
            try console.run(
                "for i in $(seq 50); do grep -q '\(word)' \(file) && break; sleep 0.2; done; [ $i -lt 50 ]"
            )
            .status == 0
        }

        /// Types on its console.
        func type(_ line: String) throws {
            _ = try console.run(
                "(sleep 1; echo '\(line)'; sleep 1) | timeout 3 sice console \(identifier) >/dev/null")
        }

        /// The CPUs that `sice run` may use, as Linux lists them.
        func cpus() throws -> String {
            try console.run("sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/$(cat /tmp/served)/status")
                .text
        }

        /// `sice run` had nothing to complain of; what the guest printed last says why, if it did.
        func expectNoErrors() throws {
            let errors = try console.run("cat /tmp/errors").text
            let said = try console.run("tail -n 40 /tmp/console").text
            #expect(errors == "", "the guest: \(said)")
        }

        /// It still does what it is told, and switches itself off.
        func endAlive() throws {
            try type("echo alive: $((6 * 7))")
            #expect(try appears("alive: 42", in: "/tmp/console"))
            try type("exit")
            let status = try console.run(
                "for i in $(seq 100); do kill -0 $(cat /tmp/served) || break; sleep 0.1; done"
            ).status
            #expect(status == 0)
            #expect(try console.run("sice destroy \(identifier)").status == 0)
        }
    }

    /// ssh into the guest, a file from a web server of the host, the same file from the guest's, byte by byte.
    @Test(arguments: ["", "--mode multi-core --core 1"])
    func reach_eachOther(_ options: String) throws {
        let guest = try Served(console, options)
        _ = try console.run(
            "mkdir -p /tmp/www; head -c 156600 /dev/urandom >/tmp/www/file; "
                + "httpd -p \(guest.network)1:80 -h /tmp/www")
        let digest = try console.run("sha256sum </tmp/www/file").text
        #expect(
            try guest.inGuest("wget -q -O /tmp/file http://\(guest.network)1/file; sha256sum </tmp/file")
                == digest)
        #expect(try console.run("curl -s http://\(guest.network)2/file | sha256sum").text == digest)
        // More than the rings hold at once, both ways.
        let echo =
            "head -c 3000000 /tmp/www/more | dbclient -y -i /tests/key root@\(guest.network)2 cat 2>/dev/null"
        let sent = try console.run("head -c 3000000 /dev/urandom >/tmp/www/more; sha256sum </tmp/www/more")
            .text
        #expect(try console.run("\(echo) | sha256sum").text == sent)
        try guest.expectNoErrors()
        try guest.endAlive()
    }

    /// The guest changes its mode while its network is in use: nothing is lost or sent twice.
    @Test func move_withATransferUnderWay() throws {
        let guest = try Served(console)
        let sent = try console.run("head -c 3000000 /dev/urandom >/tmp/moved; sha256sum </tmp/moved").text
        _ = try console.run(
            "(while [ ! -e /tmp/enough ]; do dbclient -y -i /tests/key root@\(guest.network)2 cat </tmp/moved "
                + "2>/dev/null | sha256sum; done >/tmp/echoes; echo end >/tmp/ended) & true")
        for _ in 0..<2 {
            for mode in ["multi-core --core 1", "time-sharing"] {
                let move = try console.run("sice move \(guest.identifier) --mode \(mode)")
                #expect(move.status == 0, "\(move.text)")
                // CPU 0 stays the host's: of two, the other is there again.
                if mode == "time-sharing" { #expect(try guest.cpus() == "1") }
                // An echo that began after the move has come back.
                let wait =
                    "n=$(wc -l </tmp/echoes); for i in $(seq 300); do "
                    + "[ $(wc -l </tmp/echoes) -ge $((n + 2)) ] && break; sleep 0.1; done; [ $i -lt 300 ]"
                #expect(try console.run(wait).status == 0)
            }
        }
        _ = try console.run(
            "touch /tmp/enough; for i in $(seq 300); do [ -e /tmp/ended ] && break; sleep 0.1; done")
        #expect(try console.run("sort -u /tmp/echoes").text == sent)
        try guest.expectNoErrors()
        try guest.endAlive()
    }

    /// A host that says it read what was never written: the agent ends with the exact error, the guest lives.
    @Test func end_theAgentOfALyingHost() throws {
        let guest = try Served(console)
        let base = "$(hexdump -s 58 -n 4 -e '1/4 \"%u\"' /sys/firmware/acpi/tables/UEFI)"
        let offset = "$(awk '$1 == \(guest.identifier) { print $3 }' /run/sice/windows)"
        _ = try console.run(
            "/tests/poke $((\(base) + \(offset) + \(NetworkLayout.hostRead))) 7; ping -c 1 -W 2 \(guest.network)2"
        )
        #expect(try guest.appears("SICE-E0936", in: "/tmp/console"))
        try guest.expectNoErrors()
        try guest.endAlive()
    }

    /// A guest that says it wrote more than there is room for: `sice run` says the exact error and serves on.
    @Test func end_theNetworkOfALyingGuest() throws {
        let guest = try Served(console)
        try guest.type("poke $((0x80000000 + \(NetworkLayout.guestWritten))) 7")
        #expect(try guest.appears("SICE-E0936", in: "/tmp/errors"))
        #expect(try console.run("ip addr show sice\(guest.identifier)").status != 0)
        try guest.endAlive()
    }

    /// Without a window there is none, and a bare program has none.
    @Test func reject_guestsWithoutAWindow() throws {
        #expect(try console.run("sice run 256 --network").text.contains("SICE-E0103"))
        let answer = try console.run("sice run 256 --address 10.0.0.1/24")
        #expect(answer.status == 64)
    }
}

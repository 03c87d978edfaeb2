import Foundation
import Glibc
import SICEABI
import Testing

/// `siced` as a process, on a machine without a manager.
@Suite struct ServeCommandTests {
    /// Starts it with these options, waits until it serves, and lets the script ask `$port`; `$service` is its process.
    private func serve(_ options: String, _ script: String) throws -> Workplace.Result {
        try Workplace().shell(
            """
            $siced --port 0 \(options) 2>said & service=$!
            trap 'kill -KILL $service 2>/dev/null' EXIT
            until grep -q serving said; do kill -0 $service || { cat said; exit 1; }; sleep 0.01; done
            port=$(sed 's/.*://' said)
            ask() { exec 3<>"/dev/tcp/$1/$port" && printf "$2" >&3 && cat <&3; }
            \(script)
            """)
    }

    private let list = #"'GET /v1/environments HTTP/1.1\r\nHost: x\r\n\r\n'"#
    private let call =
        #"'POST /v1/call?environment=256&operation=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx'"#

    /// Every address of 127.0.0.0/8 is this machine, but only one is listened on.
    @Test func listen_onTheLoopbackUnlessTold() throws {
        let result = try serve("", "cat said; ask 127.0.0.1 \(list); ask 127.0.0.2 \(list) || echo refused")
        #expect(result.output.hasPrefix("siced: serving on 127.0.0.1:"))
        #expect(result.output.contains("SICE-E0912") && result.output.hasSuffix("refused\n"))
    }

    private static let hasIPv6 = FileManager.default.fileExists(atPath: "/proc/net/if_inet6")

    @Test(arguments: ["0.0.0.0", "127.0.0.2"] + (hasIPv6 ? ["::"] : []))
    func listen_whereTold(_ address: String) throws {
        let result = try serve("--listen \(address)", "ask 127.0.0.2 \(list)")
        #expect(result.output.contains("SICE-E0912"), "\(result.errors)")
    }

    @Test(arguments: [("", "HTTP/1.1 403 ", "SICE-E0972"), ("--allow-calls", "HTTP/1.1 503 ", "SICE-E0912")])
    func calls_arePassedOnWhenAllowed(_ option: String, _ status: String, _ code: String) throws {
        let result = try serve(option, "ask 127.0.0.1 \(call)")
        #expect(result.output.hasPrefix(status) && result.output.contains(code), "\(result.output)")
    }

    @Test(arguments: ["TERM", "INT", "HUP"]) func signal_endsItWithSuccess(_ signal: String) throws {
        // A shell's background commands ignore SIGINT; what is ignored stays so.
        let ignoring = try serve("", "kill -INT $service; ask 127.0.0.1 \(list)")
        #expect(ignoring.output.contains("SICE-E0912"))
        let result = try Workplace().shell(
            """
            env --default-signal=INT $siced --port 0 2>said & service=$!
            until grep -q serving said; do sleep 0.01; done
            exec 3<>"/dev/tcp/127.0.0.1/$(sed 's/.*://' said)"; printf G >&3
            kill -\(signal) $service; wait $service
            """)
        #expect(result.status == 0 && result.output.isEmpty)
    }

    @Test(arguments: [
        ("--listen localhost", 64, "SICE-E0911"), ("--listen 192.0.2.1", 64, "SICE-E0103"),
        ("--listen 127.0.0.1:80", 64, "SICE-E0911"), ("--listen", 64, "SICE-E0911"),
    ])
    func address_thatCannotBeHad(_ options: String, _ status: Int32, _ code: String) throws {
        let result = try Workplace().shell("$siced --port 0 \(options)")
        #expect(result.status == status && result.errors.contains(code), "\(result.errors)")
    }

    @Test func port_thatIsTaken() throws {
        let result = try serve("", "$siced --port $port; echo $?")
        #expect(result.output == "69\n" && result.errors.contains("SICE-E0904"), "\(result.errors)")
    }

    /// No file is left for a connection: it waits, serves those that it has, and takes the next when there is one again.
    @Test func files_thatRunOut() throws {
        let result = try serve(
            "",
            """
            prlimit --pid $service --nofile=$(($(ls /proc/$service/fd | sort -n | tail -n 1) + 3))
            for number in 11 12 13 14 15; do
                eval "exec $number<>/dev/tcp/127.0.0.1/$port"
                [ $number = 12 ] || printf \(list) >&$number
            done
            head -c 12 <&11; echo
            for number in 11 12 13 14; do eval "exec $number<&-"; done
            head -c 12 <&15; echo
            """)
        #expect(result.output == "HTTP/1.1 503\nHTTP/1.1 503\n", "\(result.errors)")
    }

    /// `sice` goes through the socket when somebody is there, and never another way than through one that was named.
    @Test func sice_goesThroughTheSocket() throws {
        let result = try serve(
            "--socket s",
            """
            stat -c %a s
            for options in "--socket s" --direct; do
                $sice list $options 2>errors; echo $?; grep -o SICE-E0912 errors
            done
            kill -STOP $service
            timeout 2 $sice info --socket s; echo $?
            kill -CONT $service; kill $service; wait $service
            ls s; timeout 60 $sice list --socket s 2>errors; echo $?; grep -o SICE-E0907 errors
            """)
        #expect(
            result.output == "600\n69\nSICE-E0912\n69\nSICE-E0912\n124\n69\nSICE-E0907\n",
            "\(result.output) \(result.errors)")
    }

    /// Both at once have no meaning, whether somebody listens or not.
    @Test func reject_directThroughASocket() throws {
        let result = try Workplace().sice("list", "--direct", "--socket", "s")
        #expect(result.status == 64)
        #expect(result.errors.contains("--direct goes past siced, and --socket to it"), "\(result.errors)")
    }

    @Test func socket_thatIsTaken() throws {
        let result = try serve("--socket s", "$siced --port 0 --socket s; echo $?")
        #expect(result.output == "69\n" && result.errors.contains("SICE-E0904"), "\(result.errors)")
    }

    /// As in a RAM disk, where one file is both.
    @Test func sice_byTheDaemonsName() throws {
        let result = try Workplace().shell(
            "ln -s $sice siced && ./siced --help | head -n 1; $siced --help | head -n 1")
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 2 && lines[0] == lines[1] && lines[0].contains("Answer verifiers"))
    }

    @Test func oldCommand_saysWhereTheServiceIs() throws {
        let result = try Workplace().shell("$sice serve --port 8080 --allow-calls; echo $?")
        #expect(result.output == "64\n" && result.errors.contains("SICE-E1003"))
        #expect(result.errors.contains("siced --port 8080 --allow-calls"), "\(result.errors)")
    }
}

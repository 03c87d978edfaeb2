import Foundation
import Glibc
import Testing

/// A ROM without the security manager, as `unflash` leaves it: Linux runs, and its server says what it lacks.
@Suite(.timeLimit(.minutes(2))) struct UnmanagedMachineTests {
    /// What `siced` answers there; the stand-in for QEMU finds the port among its arguments. It listens all the time: whoever asks
    /// again at once finds it.
    private static let server = #"""
        port=$(grep -o 'hostfwd=tcp:127.0.0.1:[0-9]*' <<<"$*"); port=${port##*:}
        body='{"schema":"sice.error/1","code":"SICE-E0912","message":"no communication area"}'
        exec perl -MIO::Socket::INET -e '
            $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], Listen => 8, ReuseAddr => 1);
            while ($peer = $server->accept) {
                sysread $peer, $request, 4096;
                print $peer "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n",
                    "Content-Length: ", length $ARGV[1], "\r\nConnection: close\r\n\r\n", $ARGV[1];
                close $peer;
            }' "$port" "$body"
        """#

    @Test func run_goesOnAndSaysSo() throws {
        let fake = try FakeMachine(Self.server)
        let process = try fake.run()
        while process.isRunning, !fake.text("output").contains("ready: ") { usleep(10_000) }
        #expect(fake.text("output").hasPrefix("ready: http://127.0.0.1:"), "\(fake.text("errors"))")
        let errors = fake.text("errors")
        #expect(
            errors.contains("warning: the legacy host runs, but no security manager answers: "), "\(errors)")
        #expect(errors.contains("SICE-E0912"), "\(errors)")
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        #expect(fake.processes.isEmpty && fake.isFree)
    }
}

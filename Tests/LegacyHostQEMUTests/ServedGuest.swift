import Foundation
import Testing

/// A Linux guest in the legacy host that `sice run` serves in the background, and a keyboard for it.
struct ServedGuest {
    let console: Console
    let identifier: String
    private var files: String { "/tmp/guest-\(identifier)" }

    /// Boots it to its shell. `prefix` goes before `sice run`, `options` behind.
    init(_ image: String, _ options: String = "", prefix: String = "", on console: Console) throws {
        self.console = console
        let created = try console.run("sice create \(image)")
        try #require(created.status == 0, "\(created.text)")
        identifier = created.text
        let files = files
        _ = try console.run(
            "mkfifo \(files).keys; (\(prefix) sice run \(identifier) \(options) </dev/null >\(files).out "
                + "2>\(files).err & echo $! >\(files).pid; wait $!; echo $? >\(files).status) & true")
        try wait(for: "guest: ready")
        // The connection keeps the pipe open for reading and writing.
        _ = try console.run(
            "sh -c 'exec 3<>\(files).keys; exec sice console \(identifier) <&3 >\(files).seen 2>&1' & true")
        // Until the shell behind the keyboard answers.
        for _ in 0..<100 where try console.run("grep -qs '^up 42' \(files).out").status != 0 {
            try type("echo up $((6 * 7))")
            Thread.sleep(forTimeInterval: 0.5)
        }
        try wait(for: "^up 42")
    }

    func type(_ line: String) throws {
        #expect(try console.run("echo '\(line)' >\(files).keys").status == 0)
    }

    /// Waits until the guest said something that fits the pattern, or has ended.
    func wait(for pattern: String) throws {
        var seen = ""
        for _ in 0..<60 {
            seen = try console.run(
                "for i in $(seq 20); do grep -qs '\(pattern)' \(files).out && break; "
                    + "test -s \(files).status && break; sleep 0.2; done; "
                    + "grep -qs '\(pattern)' \(files).out && echo guest-said; test -s \(files).status && echo guest-ended"
            ).text
            if seen.contains("guest-said") { return }
            if seen.contains("guest-ended") { break }
        }
        let tail = try console.run("tail -n 5 \(files).out; cat \(files).err").text
        Issue.record("the guest did not say '\(pattern)' (\(seen)): \(tail)")
        throw Failure.silent
    }

    /// What the guest said, through a shell's pipe: carriage returns are gone.
    func said(_ filter: String) throws -> String {
        try console.run("tr -d '\\r' <\(files).out | \(filter)").text
    }

    /// Waits for the end of `sice run`. Gives its exit status and what it said to standard error.
    func end() throws -> (status: Int, errors: String) {
        for _ in 0..<30 {
            let wait =
                "for i in $(seq 20); do test -s \(files).status && break; sleep 0.2; done; cat \(files).status"
            guard let status = Int(try console.run(wait).text) else { continue }
            return (status, try console.run("cat \(files).err").text)
        }
        Issue.record("`sice run \(identifier)` does not end")
        throw Failure.silent
    }

    /// Switches it off and destroys it.
    func switchOff() throws {
        try type("exit")
        let end = try end()
        #expect(end.status == 0, "\(end.errors)")
        #expect(try console.run("sice destroy \(identifier)").status == 0)
    }

    enum Failure: Error {
        case silent
    }
}

import Foundation
import Testing

/// `tools/debug` with a machine and a gdb that only say what they were told.
@Suite struct DebugScriptTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        try place.copy("tools/debug")
        for name in ["manager.elf", "payload.elf.64", "probe.elf"] {
            try place.put("", ".build-firmware/\(name)")
        }
        // It runs until it is ended, as a machine that waits for its debugger.
        try place.put(
            """
            #!/bin/bash
            trap 'echo ended >ended; exit' TERM
            while [[ $1 != --debugger ]]; do echo "$1"; shift; done >machine
            echo "${@:5}" >>machine
            touch "$2"
            while sleep 0.05; do :; done
            """, "Tests/ProbeHost/run")
        try place.put(
            """
            #!/bin/bash
            echo "During symbol reading: Could not find DWO CU x.pcm" >&2
            echo "No symbol." >&2
            printf '%s\\n' "$@" | sed 's#remote .*/gdb#remote SOCKET#'
            exit 3
            """, "bin/gdb")
    }

    private func debug(_ arguments: String) throws -> Workplace.Result {
        try place.shell("PATH=$PWD/bin:$PATH tools/debug \(arguments)")
    }

    @Test(arguments: [
        ("", "manager.elf", "sice_manager_enter", "1", "info"),
        ("--payload", "payload.elf.64", "sice_firmware_main", "1", "info"),
        ("--at Entry.swift:45 --cores 2 commands", "manager.elf", "Entry.swift:45", "2", "commands"),
        ("--payload --at start", "payload.elf.64", "start", "1", "info"),
    ])
    func debug_stopsWhereItIsTold(
        _ arguments: String, _ program: String, _ place: String, _ cores: String, _ kase: String
    ) throws {
        let result = try debug(arguments + " -- -batch -ex backtrace")
        #expect(result.status == 3, "\(result.errors)")
        let said = result.output.split(separator: "\n").map(String.init)
        #expect(
            said == [
                "-q", "-iex", "set confirm off", ".build-firmware/\(program)", "-ex", "set pagination off",
                "-ex", "target remote SOCKET", "-ex", "hbreak \(place)", "-ex", "continue", "-batch", "-ex",
                "backtrace",
            ])
        let machine = String(decoding: try self.place.read("machine"), as: UTF8.self)
        #expect(machine == "--cores\n\(cores)\n--timeout\n86400\n\(kase)\n")
    }

    /// What gdb complains of is passed on, but for the modules of C headers; the machine ends with it.
    @Test func machine_endsWithGDB() throws {
        let result = try debug("")
        #expect(result.errors == "No symbol.\n")
        #expect(try place.files.contains("ended"))
    }

    @Test(arguments: [
        ("--where x", "unknown option --where"), ("--at", "--at takes a value"),
        ("info commands", "one case at a time"),
    ])
    func reject_usage(_ arguments: String, _ message: String) throws {
        let result = try debug(arguments)
        #expect(result.status == 64 && result.errors == "debug: \(message)\n", "\(result.errors)")
    }

    @Test func reject_whatIsMissing() throws {
        try place.put("#!/bin/sh\necho no swtpm\nexit 69\n", "Tests/ProbeHost/run")
        let dead = try debug("")
        #expect(
            dead.status == 69 && dead.errors == "debug: the machine did not start: no swtpm\n",
            "\(dead.errors)")
        try FileManager.default.removeItem(atPath: place.folder + "/.build-firmware/manager.elf")
        let unbuilt = try debug("")
        #expect(
            unbuilt.status == 66 && unbuilt.errors.contains("manager.elf is missing"), "\(unbuilt.errors)")
    }
}

import Diagnostics
import SICEABI
import Testing

/// Linux and environments on the same cores: what each of them keeps (invariant I6), and what one may use up.
extension LegacyHostQEMUTests {
    /// Creates an environment from a test's image, runs `body` and destroys it.
    private func withEnvironment(_ image: String, _ body: (String) throws -> Void) throws {
        let answer = try machine.console.run("sice create /tests/\(image).image")
        try #require(answer.status == 0, "\(answer.text)")
        defer { _ = try? machine.console.run("sice destroy \(answer.text)") }
        try body(answer.text)
    }

    /// Both sides compare all their registers after each slice; host interrupts end the slices.
    @Test(arguments: [1, 2])
    func keep_vectorStateOfHostAndEnvironment(_ core: Int) throws {
        try withEnvironment("steady") { identifier in
            let answer = try machine.console.run("taskset \(core) /tests/host-state \(identifier)")
            #expect(answer.text == "ended by 3 with 0, slices several")
            #expect(answer.status == 0)
        }
    }

    @Test func compute_inTwoEnvironmentsOnTwoCoresAtOnce() throws {
        try withEnvironment("steady") { first in
            try withEnvironment("steady") { second in
                let answer = try machine.console.run(
                    "(taskset 1 /tests/host-state \(first); echo $?) >/tmp/first & "
                        + "taskset 2 /tests/host-state \(second); echo $?; wait; cat /tmp/first")
                let result = "ended by 3 with 0, slices several\n0"
                #expect(answer.text == "\(result)\n\(result)")
            }
        }
    }

    /// A process on the same core goes on sleeping and waking while an environment never yields, and Linux's clock
    /// agrees with the battery's, which no lost tick slows down.
    @Test(arguments: [1, 2])
    func keep_timersBesideAnEnvironmentThatNeverYields(_ core: Int) throws {
        let clocks = "echo $(cut -d. -f1 /proc/uptime) $(cat /sys/class/rtc/rtc0/since_epoch)"
        try withEnvironment("endless") { identifier in
            let answer = try machine.console.run(
                "\(clocks); taskset \(core) /tests/host-state \(identifier) 200; \(clocks)")
            let lines = answer.text.split(separator: "\n")
            try #require(lines.count == 3, "\(answer.text)")
            #expect(lines[1] == "slept")
            let (before, after) = (lines[0].split(separator: " "), lines[2].split(separator: " "))
            let elapsed = try (0...1).map { try #require(Int(after[$0])) - #require(Int(before[$0])) }
            // Either clock is cut to seconds at either end.
            #expect(abs(elapsed[0] - elapsed[1]) <= 2, "\(answer.text)")
        }
    }

    /// A call of a workload that never yields: others get the manager, take the workload's core back and destroy it, and the
    /// call says what happened to it.
    @Test(arguments: [("", ErrorCode.noSuchEnvironment), ("--mode multi-core --core 1", .wrongState)])
    func letOthersIn_duringACallThatNeverEnds(_ mode: String, _ error: ErrorCode) throws {
        try withEnvironment("endless") { identifier in
            let start = mode.isEmpty ? "true" : "sice run \(identifier) \(mode) --detach"
            let answer = try machine.console.run(
                "\(start) && { (sice call \(identifier) --operation 1; echo $?) >/tmp/call 2>&1 & sleep 2;"
                    + " sice list | grep -c '^\(identifier) '; sice stop \(identifier); echo $?;"
                    + " sice destroy \(identifier); echo $?; wait; cat /tmp/call; }")
            let lines = answer.text.split(separator: "\n")
            #expect(lines.prefix(3) == ["1", "0", "0"], "\(answer.text)")
            #expect(lines.count > 4 && lines[3].hasPrefix("error: \(error.name):"), "\(answer.text)")
            #expect(lines.last == "69", "\(answer.text)")
        }
    }

    @Test func run_toTheEndAndNotAgain() throws {
        try withEnvironment("steady") { identifier in
            #expect(try machine.console.run("sice run \(identifier)").status == 0)
            let again = try machine.console.run("sice run \(identifier)")
            #expect(again.text.contains("error: \(ErrorCode.wrongState.name):"), "\(again.text)")
            #expect(again.status == 69)
            let call = try machine.console.run("sice call \(identifier) --operation 1")
            #expect(call.text.contains("error: \(ErrorCode.windowNotDeclared.name):"), "\(call.text)")
            #expect(call.status == 65)
        }
    }

    /// Pool, windows and slots run out with their own errors; what was there goes on, and all of it comes back.
    @Test func exhaust_poolWindowsAndSlots() throws {
        let console = machine.console
        let before = try console.run("sice list --format json").text
        let large = try console.run("sice create /tests/large.image")
        #expect(large.text.contains("error: \(ErrorCode.imageTooLarge.name):"), "\(large.text)")
        #expect(large.status == 69)
        try withEnvironment("windows") { _ in
            let second = try console.run("sice create /tests/windows.image")
            #expect(second.text.contains("error: \(ErrorCode.imageTooLarge.name):"), "\(second.text)")
            #expect(second.status == 69)
        }
        #expect(try console.run("sice list --format json").text == before)
        let all = try console.run(
            "while sice create /tests/steady.image 2>/tmp/why; do :; done; cat /tmp/why")
        let lines = all.text.split(separator: "\n")
        let made = lines.prefix { $0.allSatisfy(\.isNumber) }
        // The boot made two.
        #expect(made.count == ABI.maximumEnvironments - 2)
        #expect(all.text.contains("error: \(ErrorCode.tooManyEnvironments.name):"), "\(all.text)")
        for identifier in made { #expect(try console.run("sice destroy \(identifier)").status == 0) }
        #expect(try console.run("sice list --format json").text == before)
    }
}

import Testing

/// `ci/progress`: of what `swift test` says a line as each test starts and ends, and nothing lost.
@Suite struct ProgressScriptTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        try place.copy("ci/progress")
    }

    @Test func say_whichOfHowMany() throws {
        let said = """
            Building for debugging...
            ◇ Test run started.
            ◇ Suite SampleTests started.
            ◇ Test even_count() started.
            what a test prints
            ✔ Test even_count() passed after 62.251 seconds.
            ◇ Test odd_count(_:_:) started.
            ◇ Test case passing 1 argument text → "✔ Test x() passed after 1.0 seconds." to odd_count(_:_:) started.
            ✘ Test odd_count(_:_:) recorded an issue with 1 argument text → "y" at Sample.swift:40:13: Expectation failed
            ✘ Test odd_count(_:_:) with 2 test cases failed after 1.049 seconds with 1 issue.
            ➜ Test no_count() skipped: "needs a ROM"
            ✘ Test run with 3 tests in 1 suite failed after 64.1 seconds with 1 issue.
            """
        let expected = """
            Building for debugging...
            ◇ Test run started.
            ◇ Suite SampleTests started.
            test  1/12  T  even_count() …
            what a test prints
            test  1/12  T  even_count(): passed, 62.3 s
            test  2/12  T  odd_count(_:_:) …
            ◇ Test case passing 1 argument text → "✔ Test x() passed after 1.0 seconds." to odd_count(_:_:) started.
            ✘ Test odd_count(_:_:) recorded an issue with 1 argument text → "y" at Sample.swift:40:13: Expectation failed
            test  2/12  T  odd_count(_:_:): failed, 1.0 s with 1 issue
            test  3/12  T  no_count(): skipped: "needs a ROM"
            ✘ Test run with 3 tests in 1 suite failed after 64.1 seconds with 1 issue.

            """
        try place.write(said.utf8, to: "said")
        let result = try place.shell("ci/progress 12 <said")
        #expect(result.status == 0)
        #expect(result.output.replacing(/0:\d\d:\d\d/, with: "T") == expected, "\(result.output)")
    }

    /// A line is there before the next one comes: who writes waits for it, and a buffer would make him wait for ever.
    @Test func pass_eachLineAtOnce() throws {
        let result = try place.shell(
            """
            mkfifo said
            timeout 60 ci/progress 1 <said >heard &
            exec 3>said
            for line in 'one' '◇ Test two() started.'; do
                echo "$line" >&3
                for i in $(seq 600); do grep -q "${line:0:3}\\|two" heard && break; sleep 0.05; done
                wc -l <heard
            done
            exec 3>&-
            wait
            """)
        #expect(result.output == "1\n2\n", "\(result.errors)")
    }
}

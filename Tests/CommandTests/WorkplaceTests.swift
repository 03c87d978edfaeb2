import Testing

@Suite struct WorkplaceTests {
    /// More than a pipe holds, on either stream: neither waits for the other.
    @Test(.timeLimit(.minutes(15)), arguments: [("&2", "&1"), ("&1", "&2")])
    func run_takesMuchOfBothStreams(_ first: String, _ second: String) throws {
        let fill = "head -c 300000 /dev/zero | tr '\\0' x"
        let result = try Workplace().shell("\(fill) >\(first); \(fill) >\(second)")
        #expect(result.status == 0)
        #expect(result.output.utf8.count == 300_000 && result.errors.utf8.count == 300_000)
    }
}

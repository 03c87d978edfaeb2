import ManagerAccess
import SICEABI
import Testing

@Suite struct WindowLedgerTests {
    let area = 8 << 20

    @Test func text_survivesTheProcess() throws {
        var ledger = WindowLedger()
        _ = try ledger.allocate(65536, for: 257, index: 0, areaSize: area)
        _ = try ledger.allocate(4096, for: 258, index: 1, areaSize: area)
        #expect(WindowLedger(ledger.text, areaSize: area) == ledger)
    }

    @Test func allocate_neverOverlapsAndFillsGaps() throws {
        var ledger = WindowLedger()
        let first = try ledger.allocate(8192, for: 1, index: 0, areaSize: area)
        let second = try ledger.allocate(8192, for: 2, index: 0, areaSize: area)
        #expect(second.offset == first.offset + first.size)
        ledger.keep([2])
        #expect(try ledger.allocate(4096, for: 3, index: 0, areaSize: area).offset == first.offset)
        #expect(
            try ledger.allocate(8192, for: 4, index: 0, areaSize: area).offset == second.offset + second.size)
    }

    @Test func reject_whenTheAreaIsFull() throws {
        var ledger = WindowLedger()
        #expect(
            failure { _ = try ledger.allocate(area, for: 1, index: 0, areaSize: area) } == .imageTooLarge)
        #expect(ledger.entries.isEmpty)
    }

    @Test(arguments: [
        "1 0 0 4096",  // over the staging memory
        "1 0 8388608 4096", "1 0 8384513 4096",  // behind the area
        "1 0 -4096 4096", "1 0 131072 -1", "1 -1 131072 4096", "-1 0 131072 4096", "1 0 131072",
        "a b c d", "1 0 131072 9223372036854775807",
    ])
    func drop_linesThatMakeNoSense(_ line: String) {
        #expect(WindowLedger(line, areaSize: area).entries.isEmpty)
    }
}

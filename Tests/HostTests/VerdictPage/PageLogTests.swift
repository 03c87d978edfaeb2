import Appraisal
import Diagnostics
import EvidenceForge
import ReportFormat
import SICEABI
import Testing

@testable import VerdictPage

/// The run-time log on the page.
@Suite struct PageLogTests {
    private static let events = (1...9).compactMap(LogEvent.init)

    private func page(_ events: [LogEvent]) throws -> PageSample {
        var forge = Forge()
        forge.runtimeEntries = events.enumerated().map {
            var entry = RuntimeLogEntry(sequence: UInt64($0), event: $1)
            entry.environment = 257
            entry.details = [0x1234, 0x5678]
            if $1 == .refused { entry.error = ErrorCode.addressInSMRAM.rawValue }
            return entry
        }
        forge.closeRuntimeLog()
        return try PageSample(forge)
    }

    /// The table's rows of the log.
    private func rows(_ page: PageSample) throws -> [PageElement] {
        let table = try #require(
            page.root.elements("table").first { $0.text.contains("Entries of the run-time") })
        return table.elements("tr").filter { $0.children.contains { $0.attributes["scope"] == "row" } }
    }

    @Test func everyEvent_isDrawnAndInWords() throws {
        let page = try page(Self.events)
        #expect(Self.events.count == 9)
        let drawing = try #require(page.root.elements("svg").last)
        let rows = try rows(page)
        #expect(rows.count == 9 && Set(Self.events.map(\.letter)).count == 9)
        for (index, event) in Self.events.enumerated() {
            #expect(
                rows[index].text.hasPrefix("\(index) \(event.letter)")
                    && rows[index].text.contains(event.words))
            #expect(rows[index].text.contains("! ") == event.isAlarming)
            #expect(
                drawing.elements("text").contains { $0.text == event.letter + (event.isAlarming ? "!" : "") })
        }
        #expect(rows[6].text.contains("SICE-E0201: "))
    }

    @Test func quietLog_saysSo() throws {
        #expect(try page([.boot, .started]).root.text.contains("None of those below tells of a crash"))
        #expect(try page(Self.events).root.text.contains("4 of those below, marked with !"))
    }

    @Test(arguments: [0, 1, 10, 11, 128, 129, 1128]) func logOfAnyLength_hasARowForEachEntry(_ count: Int)
        throws
    {
        var forge = Forge()
        forge.fillRuntimeLog(count: count)
        let page = try PageSample(forge)
        #expect(page.verdict.outcome == .affirmed)
        if count > 0 { #expect(try rows(page).count == min(count, 128)) }
        #expect(page.root.text.contains("\(count) entries since the machine started"))
        #expect(
            page.root.text.contains("The first \(max(0, count - 128)) are not kept any more") == (count > 128)
        )
    }

    /// No manager keeps so many; the page says what it leaves out.
    @Test func moreEntriesThanAManagerKeeps_areCounted() throws {
        var forge = Forge()
        forge.runtimeEntries = (0..<1000).map { RuntimeLogEntry(sequence: $0, event: .refused) }
        let page = try PageSample(forge)
        #expect(page.verdict.outcome == .refused)
        #expect(try rows(page).count == 128)
        #expect(page.root.text.contains("872 entries of the evidence are not shown"))
    }

    /// Numbers at the end of their range are shown, not computed with.
    @Test func numbersAtTheirLimits_areShown() throws {
        var forge = Forge()
        var entry = RuntimeLogEntry(sequence: .max, event: .crashed)
        entry.details = [.max, .max]
        (entry.error, entry.environment) = (.max, .max)
        forge.runtimeEntries = [entry]
        forge.claims.logCount = UInt64(Int64.max)
        let row = try #require(try rows(PageSample(forge)).first).text
        #expect(row.contains("18446744073709551615 C") && row.contains("0xffffffffffffffff"))
    }
}

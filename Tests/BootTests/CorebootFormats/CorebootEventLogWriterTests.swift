import ByteIO
import CorebootFormats
import TCGEventLog
import Testing

@Suite struct CorebootEventLogWriterTests {
    private func write(_ names: [String]) -> (log: [UInt8], error: ByteError?) {
        var bytes = [UInt8](repeating: 0xEE, count: CorebootEventLogWriter.size)
        var failure: ByteError?
        do throws(ByteError) {
            var writer = try CorebootEventLogWriter(bytes.mutableSpan)
            for (index, name) in names.enumerated() {
                try writer.append(
                    pcr: 2, digest: InlineArray(repeating: UInt8(index)), name: Array(name.utf8).span)
            }
        } catch {
            failure = error
        }
        return (bytes, failure)
    }

    @Test func read_whatWasWritten() throws {
        let (log, error) = write(["FMAP: FMAP", "CBFS: bootblock"])
        #expect(error == nil)
        // Header, two entries, then nothing but zeros.
        let end = CorebootEventLogWriter.headerSize + 2 * CorebootEventLogWriter.entrySize
        #expect(try EventLog.size(of: log.span) == end)
        #expect(log[end...].allSatisfy { $0 == 0 })
        let entry = Array(log[(end - CorebootEventLogWriter.entrySize)..<end])
        #expect(entry.prefix(8) == [2, 0, 0, 0, 5, 0, 0, 0])
        #expect(entry[14..<46].allSatisfy { $0 == 1 })
        #expect(entry[50..<65] == Array("CBFS: bootblock".utf8)[...])
        #expect(log[74] == 2, "coreboot's own count of entries")
    }

    @Test func reject_moreEntriesThanFit() {
        let names = [String](repeating: "n", count: CorebootEventLogWriter.maximumEntries)
        #expect(write(names).error == nil)
        #expect(write(names + ["n"]).error == .noRoom)
    }

    @Test func reject_nameWithoutRoomForItsNUL() {
        #expect(write([String(repeating: "n", count: 49)]).error == nil)
        #expect(write([String(repeating: "n", count: 50)]).error == .noRoom)
    }
}

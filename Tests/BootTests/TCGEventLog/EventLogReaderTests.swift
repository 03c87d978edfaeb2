import SICEABI
import TCGEventLog
import Testing

@Suite struct EventLogReaderTests {
    private func log() throws -> [UInt8] {
        var area = [UInt8](repeating: 0, count: 512)
        var writer = try EventLogWriter(beginning: area.mutableSpan)
        let digest = [UInt8](repeating: 0xD1, count: 32)
        try writer.append(
            pcr: 4, type: EventType.postCode, digest: digest.span, data: Array("sice/manager".utf8).span)
        try writer.append(pcr: 5, type: EventType.postCode, digest: digest.span, data: [UInt8]().span)
        let count = writer.count
        return Array(area[..<count])
    }

    /// PCR, type and size of the data of each event.
    private func read(_ log: [UInt8]) throws(ErrorCode) -> [[Int]] {
        var events: [[Int]] = []
        var reader = try EventLogReader(log.span)
        while let event = try reader.next() {
            events.append([Int(event.pcr), Int(event.type), event.data.count])
        }
        return events
    }

    @Test func accept_whatTheWriterWrote() throws {
        #expect(try read(log()) == [[4, 1, 12], [5, 1, 0]])
    }

    @Test func reject_everyTruncation() throws {
        let log = try log()
        let ends: Set = [EventLogFormat.specIDEventSize, EventLogFormat.specIDEventSize + 62, log.count]
        for count in 0..<log.count where !ends.contains(count) {
            #expect(throws: ErrorCode.evidenceTruncated, "\(count) bytes") { try read(Array(log[..<count])) }
        }
    }

    @Test func reject_trailingZeros() throws {
        let log = try log() + [UInt8](repeating: 0, count: 64)
        #expect(throws: ErrorCode.evidenceMalformedLog) { try read(log) }
    }

    @Test(arguments: [0, 4, 32, 56, 60, 62])
    func reject_otherHeader(_ offset: Int) throws {
        var log = try log()
        log[offset] ^= 1
        #expect(throws: ErrorCode.evidenceMalformedLog) { try read(log) }
    }

    @Test(arguments: [8, 12]) func reject_eventOfOtherBanks(_ offset: Int) throws {
        var log = try log()
        log[EventLogFormat.specIDEventSize + offset] = 4  // number of digests, SHA-1
        #expect(throws: ErrorCode.evidenceMalformedLog) { try read(log) }
    }

    @Test func reject_dataBeyondTheEnd() throws {
        var log = try log()
        for index in 46..<50 { log[EventLogFormat.specIDEventSize + index] = 0xFF }
        #expect(throws: ErrorCode.evidenceTruncated) { try read(log) }
    }
}

import ByteIO
import SICEABI
import TCGEventLog
import Testing

@Suite struct EventLogWriterTests {
    private let digest = [UInt8](0..<32)
    private let name = Array("sice/manager".utf8)

    /// A log with one event, in an area with room for more.
    private func sample(room: Int = 512) throws -> [UInt8] {
        var area = [UInt8](repeating: 0xEE, count: room)
        var writer = try EventLogWriter(beginning: area.mutableSpan)
        try writer.append(pcr: 4, type: EventType.postCode, digest: digest.span, data: name.span)
        return area
    }

    /// The bytes that the firmware profile gives, written down by hand.
    @Test func writesTheSpecifiedBytes() throws {
        let specID: [UInt8] =
            [0, 0, 0, 0, 3, 0, 0, 0] + [UInt8](repeating: 0, count: 20) + [33, 0, 0, 0]
            + Array("Spec ID Event03".utf8) + [0] + [0, 0, 0, 0, 0, 2, 0, 2, 1, 0, 0, 0, 0x0B, 0, 32, 0, 0]
        let event: [UInt8] =
            [4, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0x0B, 0] + digest + [12, 0, 0, 0] + name
        let area = try sample()
        #expect(Array(area[..<(specID.count + event.count)]) == specID + event)
        #expect(area[(specID.count + event.count)...].allSatisfy { $0 == 0 })
    }

    @Test func resumesAtTheEnd() throws {
        var area = try sample()
        let size = try EventLog.size(of: area.span)
        var writer = try EventLogWriter(resuming: area.mutableSpan)
        #expect(writer.count == size)
        try writer.append(pcr: 5, type: EventType.postCode, digest: digest.span, data: name.span)
        #expect(try EventLog.size(of: area.span) == size + EventLogFormat.eventHeaderSize + name.count)
    }

    @Test func continuesAnotherLog() throws {
        let log = try sample()
        let size = try EventLog.size(of: log.span)
        var area = [UInt8](repeating: 0xEE, count: 300)
        let writer = try EventLogWriter(continuing: log.span, in: area.mutableSpan)
        #expect(writer.count == size)
        #expect(Array(area[..<size]) == Array(log[..<size]))
        #expect(area[size...].allSatisfy { $0 == 0 })
    }

    /// coreboot puts its own vendor data into the Spec ID event.
    @Test func acceptsVendorData() throws {
        var area = [UInt8](repeating: 0, count: 256)
        _ = try EventLogWriter(beginning: area.mutableSpan)
        area[28] = 33 + 15
        area[64] = 15
        #expect(try EventLog.size(of: area.span) == 32 + 33 + 15)
    }

    @Test func reject_areaWithoutRoom() {
        var area = [UInt8](repeating: 0, count: EventLogFormat.specIDEventSize - 1)
        #expect(throws: ErrorCode.bootLogUnusable) { _ = try EventLogWriter(beginning: area.mutableSpan) }
    }

    @Test func reject_eventWithoutRoomAndKeepTheLog() throws {
        let used = EventLogFormat.specIDEventSize + EventLogFormat.eventHeaderSize + name.count
        var area = try sample(room: used + EventLogFormat.eventHeaderSize + name.count - 1)
        let before = area
        #expect(throws: ErrorCode.bootLogUnusable) {
            var writer = try EventLogWriter(resuming: area.mutableSpan)
            try writer.append(pcr: 4, type: EventType.postCode, digest: digest.span, data: name.span)
        }
        #expect(area == before)
    }

    /// Offsets that change what the log is: type, signature, bank, digest size, number of banks, event's bank.
    @Test(arguments: [4, 32, 46, 56, 60, 62, EventLogFormat.specIDEventSize + 12])
    func reject_otherFormat(offset: Int) throws {
        var area = try sample()
        area[offset] ^= 0x40
        #expect(throws: ErrorCode.bootLogUnusable) { try EventLog.size(of: area.span) }
    }

    @Test func reject_eventLongerThanTheArea() throws {
        var area = try sample()
        area[EventLogFormat.specIDEventSize + 48] = 0xFF
        #expect(throws: ErrorCode.bootLogUnusable) { try EventLog.size(of: area.span) }
    }

    @Test func randomBytesNeverTrap() throws {
        let area = try sample()
        for _ in 0..<3000 {
            var broken = area
            for _ in 0..<3 { broken[Int.random(in: 0..<200)] = UInt8.random(in: 0...255) }
            do { _ = try EventLog.size(of: broken.span) } catch { #expect(error == .bootLogUnusable) }
        }
    }
}

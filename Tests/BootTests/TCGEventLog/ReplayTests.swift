import SHA2
import SICEABI
import TCGEventLog
import Testing

/// What a log says that PCRs hold.
struct ReplayTests {
    private func log(_ events: [(pcr: UInt32, type: UInt32, byte: UInt8)]) throws -> [UInt8] {
        var area = [UInt8](repeating: 0, count: 4096)
        var writer = try EventLogWriter(beginning: area.mutableSpan)
        for event in events {
            let digest = [UInt8](repeating: event.byte, count: 32)
            try writer.append(pcr: event.pcr, type: event.type, digest: digest.span, data: [0x41].span)
        }
        return area
    }

    private func value(_ area: [UInt8], pcr: UInt32) throws -> [UInt8] {
        let value = try EventLog.replay(area.span, pcr: pcr)
        return (0..<32).map { value[$0] }
    }

    private func extend(_ value: [UInt8], _ byte: UInt8) -> [UInt8] {
        let digest = SHA256.hash((value + [UInt8](repeating: byte, count: 32)).span)
        return (0..<32).map { digest[$0] }
    }

    @Test func eachPCRHasItsOwnEventsInOrder() throws {
        let zero = [UInt8](repeating: 0, count: 32)
        let area = try log([
            (2, EventType.postCode, 1), (4, EventType.postCode, 2), (2, EventType.postCode, 3),
        ])
        #expect(try value(area, pcr: 2) == extend(extend(zero, 1), 3))
        #expect(try value(area, pcr: 4) == extend(zero, 2))
        #expect(try value(area, pcr: 0) == zero)
    }

    /// A log cannot take an event out of the replay by what it calls it.
    @Test func typeOfAnEvent_countsForNothing() throws {
        let zero = [UInt8](repeating: 0, count: 32)
        for type in [EventType.postCode, EventType.noAction, EventType.separator, UInt32.max] {
            let area = try log([(2, type, 1), (2, EventType.postCode, 2)])
            #expect(try value(area, pcr: 2) == extend(extend(zero, 1), 2), "\(type)")
        }
    }

    @Test func reject_brokenLog() {
        let area = [UInt8](repeating: 0xFF, count: 4096)
        #expect(throws: ErrorCode.bootLogUnusable) { try EventLog.replay(area.span, pcr: 2) }
    }
}

import SHA2
import SICEABI
import TCGEventLog

/// Feeds any bytes, as the log that coreboot left in CBMEM, to what the payload does with it: copies it to where the
/// operating system looks, replays it, goes on with it. The first byte says how much room there is.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let first = input.first else { return 0 }
    let log = Array(input.dropFirst())
    var area = [UInt8](repeating: 0xEE, count: Int(first) * 64)
    do throws(ErrorCode) {
        let size = try take(log, into: &area)
        let events = try Event.all(in: area, count: size)
        for pcr: UInt32 in [0, 2, 4, 5] {
            let value = try EventLog.replay(area.span, pcr: pcr)
            precondition(Event.replay(events, pcr: pcr) == (0..<32).map { value[$0] }, "another PCR value")
        }
        try goOn(&area, size, events)
    } catch { precondition(error == .bootLogUnusable, "an error of another chapter") }
    return 0
}

/// Copies the log. Returns its size.
private func take(_ log: [UInt8], into area: inout [UInt8]) throws(ErrorCode) -> Int {
    let size = try EventLogWriter(continuing: log.span, in: area.mutableSpan).count
    precondition(area[..<size] == log[..<size], "not the same log")
    precondition(area[size...].allSatisfy { $0 == 0 }, "remains of what was there")
    return size
}

/// Appends an event as each measurement does: everything before stays, and nothing else is new.
private func goOn(_ area: inout [UInt8], _ size: Int, _ before: [Event]) throws(ErrorCode) {
    let added = Event(pcr: 4, type: EventType.postCode, digest: [UInt8](repeating: 0xD1, count: 32))
    let old = Array(area[..<size])
    var writer = try EventLogWriter(resuming: area.mutableSpan)
    precondition(writer.count == size, "the end is elsewhere now")
    do throws(ErrorCode) {
        try writer.append(pcr: 4, type: added.type, digest: added.digest.span, data: [1, 2, 3].span)
    } catch {
        precondition(area.count - size < EventLogFormat.eventHeaderSize + 3, "there was room")
        precondition(Array(area[..<size]) == old)
        throw error
    }
    let count = writer.count
    precondition(Array(area[..<size]) == old)
    let after = try Event.all(in: area, count: count)
    precondition(after == before + [added])
}

/// An event, by the verifier's reader.
private struct Event: Equatable {
    let pcr: UInt32
    let type: UInt32
    let digest: [UInt8]

    static func all(in area: [UInt8], count: Int) throws(ErrorCode) -> [Event] {
        var events: [Event] = []
        do throws(ErrorCode) {
            var reader = try EventLogReader(area.span.extracting(0..<count))
            while let event = try reader.next() {
                let digest = (0..<event.digest.count).map { event.digest[$0] }
                events.append(Event(pcr: event.pcr, type: event.type, digest: digest))
            }
        } catch { preconditionFailure("the verifier's reader refuses it") }
        return events
    }

    static func replay(_ events: [Event], pcr: UInt32) -> [UInt8] {
        events.filter { $0.pcr == pcr }
            .reduce([UInt8](repeating: 0, count: 32)) { value, event in
                let digest = SHA256.hash((value + event.digest).span)
                return (0..<32).map { digest[$0] }
            }
    }
}

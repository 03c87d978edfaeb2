import SICEABI
import TCGEventLog

/// Feeds any bytes to both readers of event logs: the verifier's, and the firmware's search for a log's end.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(ErrorCode) {
        let size = try EventLog.size(of: input.span)
        precondition(size <= input.count)
    } catch { precondition(error == .bootLogUnusable, "an error of another chapter") }
    do throws(ErrorCode) {
        var reader = try EventLogReader(input.span)
        var size = reader.headerSize
        while let event = try reader.next() {
            precondition(event.digest.count == 32)
            size += EventLogFormat.eventHeaderSize + event.data.count
        }
        precondition(size == input.count, "bytes were passed over")
    } catch { precondition(error.rawValue / 100 == 8, "an error of another chapter") }
    return 0
}

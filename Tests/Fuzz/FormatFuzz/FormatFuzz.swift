import Diagnostics
import EvidenceFormat
import ReportFormat
import SICEABI
import StrictJSON

/// Feeds any bytes to the readers of all formats that hosts and verifiers share. What one of them takes, it writes
/// again so that it reads the same.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    readAgain(bytes, { data throws(ToolError) in try EnvironmentListing(data) }, \.json)
    readAgain(bytes, { data throws(ToolError) in try EnrollmentRequest(data) }, \.json)
    readAgain(bytes, { data throws(ToolError) in try Activation(data) }, \.json)
    readAgain(bytes, { data throws(ToolError) in try ActivationResult(data) }, \.json)
    readAgain(bytes, { data throws(ToolError) in try Refusal(data) }, \.json)
    do throws(ToolError) {
        let entry = try RuntimeLogEntry(bytes)
        precondition(entry.bytes == bytes, "an entry of other bytes")
    } catch {}
    do {
        let envelope = try ReportEnvelope(bytes)
        let report = try envelope.bytes
        precondition(report == bytes, "a report of other bytes")
        let claims = try ReportClaims(payload: envelope.payload)
        let payload = try claims.payload
        precondition(payload == envelope.payload, "claims of other bytes")
    } catch {}
    return 0
}

private func readAgain<Format: Equatable>(
    _ bytes: [UInt8], _ read: ([UInt8]) throws(ToolError) -> Format, _ json: (Format) -> JSON
) {
    guard let value = try? read(bytes) else { return }
    let again = try? read(Array(json(value).text.utf8))
    precondition(again == value, "a format that does not read what it writes")
}

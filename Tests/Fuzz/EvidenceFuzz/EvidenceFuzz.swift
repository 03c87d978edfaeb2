import Appraisal
import Diagnostics
import Evidence
import EvidenceFormat
import Reference
import SICEABI
import VerdictPage

/// Feeds any bytes to the whole appraisal, and to the page of its verdict. The expectations are of a machine whose keys
/// nobody holds, so nothing that a fuzzer can write may be affirmed.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(ToolError) {
        let evidence = try UnverifiedEvidence(EvidenceBundle(input, path: "evidence"))
        let expectations = Expectations(
            nonce: [UInt8](repeating: 0, count: 32),
            enrollment: Enrollment(
                attestationKey: evidence.bundle.attestationKey,
                certificateDigest: [UInt8](repeating: 0, count: 32)),
            reference: ReferenceValues(
                logHeader: evidence.bootLog.header, events: [],
                managerDigest: [UInt8](repeating: 0, count: 32), images: []),
            measurements: [[UInt8](repeating: 0, count: 32)], policy: .standIn)
        let verdict = try Appraiser(evidence, expectations).verdict()
        precondition(verdict.outcome != .affirmed, "a forgery was affirmed")
        let page = VerdictPage(verdict, on: evidence, by: expectations).bytes
        precondition(!page.contains { $0 < 0x20 && $0 != 0x0A }, "a page with a control character")
    } catch {
        precondition(error.code.rawValue / 100 == 8, "an error of another chapter")
    }
    return 0
}

import Diagnostics
import SICEABI
import ServiceAPI

/// Any bytes as what comes from `siced`'s socket: an answer is whole or none, and an error is one of the table.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    if let error = ServiceError(json: input)?.error {
        precondition(ServiceError(json: HTTPResponse(error).body)?.error == error)
    }
    guard let answer = ServiceAnswer(input) else { return 0 }
    precondition(answer.body.count < input.count && input.suffix(answer.body.count) == answer.body[...])
    do throws(ToolError) {
        let body = try answer.result()
        precondition(answer.status == 200 && body == answer.body)
    } catch { precondition(answer.status != 200) }
    return 0
}

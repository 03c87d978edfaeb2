import Diagnostics
import HostService
import SICEABI

/// Parses any bytes as the head of a request: what is refused is refused as `usage`, and what is accepted cannot
/// make a file or a length of its own.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(ToolError) {
        let request = try HTTPRequest(head: input)
        precondition(request.path.hasPrefix("/") && request.contentLength >= 0)
        precondition(!request.path.contains("?") && !request.path.contains(" "))
        for (name, value) in request.query { precondition(!name.contains("=") && !value.contains("&")) }
    } catch { precondition(error.code == .usage) }
    return 0
}

import AttestClient
import Diagnostics
import SICEABI

/// Takes any bytes for a target's answer, in one piece and one by one: what comes out is the same, and never longer than asked for.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let (whole, pieces) = (outcome([input[...]]), outcome(input.indices.map { input[$0...$0] }))
    precondition(whole == pieces, "it matters how the answer comes")
    return 0
}

private let limit = 64

private enum Outcome: Equatable {
    case answer(Int, [UInt8])
    case error(ErrorCode)
}

private func outcome(_ pieces: [ArraySlice<UInt8>]) -> Outcome {
    var answer = HTTPAnswer(limit: limit)
    do throws(ToolError) {
        for piece in pieces {
            try answer.append(piece)
            precondition(answer.body.count <= limit)
        }
        try answer.finish()
        precondition(answer.isComplete && (200...599).contains(answer.status))
        return .answer(answer.status, answer.body)
    } catch {
        precondition(error.code == .targetUnusable || error.code == .targetUnreachable)
        return .error(error.code)
    }
}

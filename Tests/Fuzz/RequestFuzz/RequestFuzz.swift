import Diagnostics
import SICEABI
import ServiceAPI

/// Any bytes as what comes over a connection: cut into pieces at any place they are the same request, and what is accepted
/// has no body of more than its length and its route allow.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let routes = input.last.map { $0 % 2 == 0 } ?? true ? ServiceRoutes(allowsCalls: true) : .control
    let whole = step(input, routes, pieces: max(1, input.count))
    precondition(isSame(whole, step(input, routes, pieces: 1 + Int(input.first ?? 0) % 16)))
    switch whole {
    case .complete(let request, let body): check(request, body)
    case .refused(let response): precondition(response.status >= 400 && response.bytes.count > 0)
    case .more, .moreOnceToldSo: break
    }
    do throws(HTTPRefusal) {
        let request = try HTTPRequest(head: input)
        precondition(request.path.hasPrefix("/") && request.contentLength >= 0)
        precondition(!request.path.contains("?") && !request.path.contains(" "))
        for (name, value) in request.query { precondition(!name.contains("=") && !value.contains("&")) }
    } catch { precondition(error.error.code == .usage && (400...505).contains(error.status)) }
    return 0
}

private func step(_ input: [UInt8], _ routes: ServiceRoutes, pieces: Int) -> RequestReader.Step {
    var reader = RequestReader(routes)
    var rest = input[...]
    var last = RequestReader.Step.more
    while !rest.isEmpty {
        last = reader.take(rest.prefix(pieces))
        rest = rest.dropFirst(pieces)
        switch last {
        case .more, .moreOnceToldSo: precondition(reader.count <= input.count)
        case .complete, .refused: return last
        }
    }
    return last
}

/// Whether there is a request and which; who is told to go on depends on what came already.
private func isSame(_ first: RequestReader.Step, _ second: RequestReader.Step) -> Bool {
    switch (first, second) {
    case (.complete(let one, let body), .complete(let other, let otherBody)):
        one == other && body == otherBody
    case (.refused(let one), .refused(let other)):
        // A head that is too long may be wrong further on, too.
        one.status == other.status || [one.status, other.status].contains(431)
    case (.more, .more), (.more, .moreOnceToldSo), (.moreOnceToldSo, .more),
        (.moreOnceToldSo, .moreOnceToldSo):
        true
    default: false
    }
}

private func check(_ request: HTTPRequest, _ body: [UInt8]) {
    precondition(body.count == request.contentLength && body.count <= ServiceRoutes.mostCallBytes)
    precondition(request.path.hasPrefix("/v1/") && ["GET", "HEAD", "POST"].contains(request.method))
}

import Diagnostics
import Glibc
import SICEABI
import ServiceAPI
import Testing

@testable import HTTPTransport

/// What is due when on one connection, on a clock of the test's own.
@Suite struct ExchangeTests {
    private let start = Moment(milliseconds: 1_000_000)
    private let limits = TransportLimits()
    private static let get = Array("GET /v1/environments HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
    private static let call = Array(
        "POST /v1/call?environment=1&operation=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n".utf8)

    private func make() -> Exchange { Exchange(ServiceRoutes(allowsCalls: true), limits, at: start) }

    private func words(_ exchange: Exchange) -> String { String(decoding: exchange.unsent, as: UTF8.self) }

    /// No byte puts the deadline off, of a head or of a body.
    @Test(arguments: [[], call]) func request_hasOneDeadline(_ head: [UInt8]) {
        var exchange = make()
        _ = exchange.take(head, at: start)
        var now = start
        while exchange.phase == .receiving {
            now = now + 1_000
            _ = exchange.take([UInt8(ascii: "x")], at: now)
            exchange.timePassed(to: now)
        }
        #expect(now == start + limits.request)
        #expect(exchange.phase == .sending)
        #expect(words(exchange).hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        #expect(words(exchange).contains(ErrorCode.requestTooSlow.name))
    }

    @Test func silentClient_isLeftWithoutAWord() {
        var exchange = make()
        exchange.timePassed(to: start + (limits.request - 1))
        #expect(exchange.phase == .receiving)
        exchange.timePassed(to: start + limits.request)
        #expect(exchange.phase == .over && exchange.unsent.isEmpty)
    }

    /// Whoever sent a whole request is asked for nothing: the machine may take its time.
    @Test func answer_isWaitedForWithoutEnd() {
        var exchange = make()
        let question = exchange.take(Self.get, at: start)
        #expect(question?.request.path == "/v1/environments")
        exchange.timePassed(to: start + 1_000_000_000)
        #expect(exchange.phase == .waiting && exchange.deadline == nil && exchange.heldBytes == 0)
    }

    /// A byte taken in a second does not put the deadline off either.
    @Test func answer_hasOneDeadline() {
        var exchange = make()
        _ = exchange.take(Self.get, at: start)
        let begin = start + 500_000
        exchange.send([UInt8](repeating: 1, count: 100_000), at: begin)
        var now = begin
        while exchange.phase == .sending {
            now = now + 1_000
            exchange.didSend(1, at: now)
            exchange.timePassed(to: now)
        }
        #expect(now == begin + limits.answer && exchange.phase == .over)
    }

    /// Who keeps its connection open, or sends on, after its answer.
    @Test func farewell_hasADeadline() {
        var exchange = make()
        _ = exchange.take(Self.get, at: start)
        exchange.send([1, 2, 3], at: start)
        exchange.didSend(3, at: start)
        #expect(exchange.phase == .leaving && exchange.wantsInput)
        let question = exchange.take(Self.get, at: start + 1)
        #expect(question == nil && exchange.phase == .leaving)
        exchange.timePassed(to: start + (limits.farewell - 1))
        #expect(exchange.phase == .leaving)
        exchange.timePassed(to: start + limits.farewell)
        #expect(exchange.phase == .over)
    }

    @Test func clientThatEndsItsSide_getsItsAnswer() {
        var exchange = make()
        _ = exchange.take(Self.get, at: start)
        exchange.inputEnded(at: start)
        #expect(exchange.phase == .waiting)
        exchange.send([1, 2, 3], at: start)
        exchange.didSend(2, at: start)
        #expect(exchange.phase == .sending && Array(exchange.unsent) == [3])
        exchange.didSend(1, at: start)
        #expect(exchange.phase == .over)
    }

    @Test func continue_goesBeforeTheAnswer() {
        var exchange = make()
        let head =
            "POST /v1/activate HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n"
        _ = exchange.take(Array(head.utf8), at: start)
        #expect(exchange.phase == .receiving && words(exchange) == "HTTP/1.1 100 Continue\r\n\r\n")
        exchange.didSend(10, at: start)
        let question = exchange.take([1], at: start)
        #expect(question?.body == [1])
        exchange.send(Array("answer".utf8), at: start)
        #expect(words(exchange) == "00 Continue\r\n\r\nanswer")
    }

    @Test func leastNeeded_isWhoIsDoneThenWhoIsSilentLongest() {
        let late = start + limits.silence
        func exchange(_ heard: Moment, _ phase: Exchange.Phase) -> Exchange {
            var exchange = make()
            _ = exchange.take(phase == .receiving ? [71] : Self.get, at: heard)
            if phase != .receiving && phase != .waiting { exchange.send([1, 2], at: heard) }
            if phase == .leaving { exchange.didSend(2, at: heard) }
            #expect(exchange.phase == phase)
            return exchange
        }
        let waiting = (1, exchange(start, .waiting))
        let fresh = (2, exchange(start + 1, .receiving))
        let (silent, slow) = ((3, exchange(start, .receiving)), (4, exchange(start, .sending)))
        let leaving = (5, exchange(late, .leaving))
        #expect(Exchange.leastNeeded([waiting, fresh], at: late) == nil)
        #expect(Exchange.leastNeeded([waiting, fresh], at: late + 1) == 2)
        #expect(Exchange.leastNeeded([waiting, fresh, silent, slow], at: late) == 3)
        #expect(Exchange.leastNeeded([waiting, fresh, slow], at: late) == 4)
        #expect(Exchange.leastNeeded([waiting, silent, leaving], at: late) == 5)
    }

    @Test func largest_givesMemoryBack() {
        var (small, body, answer, waiting) = (make(), make(), make(), make())
        _ = small.take([UInt8](repeating: 71, count: 1000), at: start)
        _ = body.take(Self.call + [UInt8](repeating: 1, count: 80_000), at: start)
        answer.send([UInt8](repeating: 1, count: 90_000), at: start)
        _ = waiting.take(Self.call + [UInt8](repeating: 1, count: 100_000), at: start)
        #expect(Exchange.largest([(1, small), (2, body), (3, answer), (4, waiting)]) == 3)
        #expect(Exchange.largest([(1, small), (2, body), (4, waiting)]) == 2)
        #expect(Exchange.largest([(1, small), (4, waiting)]) == nil)
        body.refuse(at: start)
        answer.refuse(at: start)
        #expect(words(body).hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(words(body).contains("\r\nRetry-After: 1\r\n"))
        #expect(words(body).contains(ErrorCode.serviceBusy.name) && body.heldBytes < 1000)
        #expect(answer.phase == .over && answer.heldBytes == 0)
    }

    @Test(arguments: [
        (EAGAIN, "nobody"), (EINTR, "nobody"), (ECONNABORTED, "nobody"), (EMFILE, "later"),
        (ENFILE, "later"),
        (ENOBUFS, "later"), (ENOMEM, "later"), (EPERM, "later"), (ENETDOWN, "later"), (9999, "later"),
        (EBADF, "never"), (EINVAL, "never"), (ENOTSOCK, "never"),
    ])
    func acceptThatFails_neverKeepsACoreBusy(_ number: Int32, _ expected: String) {
        let found =
            switch Listener.Newcomer(errno: number) {
            case .nobody: "nobody"
            case .later: "later"
            case .never(number): "never"
            default: "other"
            }
        #expect(found == expected)
    }
}

internal import Diagnostics
internal import SICEABI
internal import ServiceAPI

/// The course of one connection: a request, its answer, the farewell. It decides what is due when; sockets are others'
/// business. Each part has one deadline, set when the part begins: no byte puts it off.
struct Exchange {
    enum Phase: Equatable {
        /// The request comes.
        case receiving
        /// The request is complete, its answer is not there yet. The client need not do anything, so nothing is asked of it.
        case waiting
        /// The answer goes.
        case sending
        /// The answer is gone; the client may close.
        case leaving
        case over
    }

    /// A request that is complete.
    struct Question: Sendable {
        let request: HTTPRequest
        let body: [UInt8]
        let routes: ServiceRoutes
    }

    /// Those of the door that the client came through.
    let routes: ServiceRoutes
    private let limits: TransportLimits
    private(set) var phase = Phase.receiving
    /// When the part at hand ends; nil while the answer is made.
    private(set) var deadline: Moment?
    /// When the client last sent or took something.
    private(set) var heard: Moment
    /// Nil when the request is there, or is not wanted any more.
    private var reader: RequestReader?
    private var hasEnded = false
    private var output: [UInt8] = []
    private var sent = 0

    init(_ routes: ServiceRoutes, _ limits: TransportLimits, at now: Moment) {
        (self.routes, self.limits, heard, deadline) = (routes, limits, now, now + limits.request)
        reader = RequestReader(routes)
    }

    /// Whether bytes of the client are wanted.
    var wantsInput: Bool { phase == .receiving || phase == .leaving }
    /// What is still to be sent.
    var unsent: ArraySlice<UInt8> { output[sent...] }
    /// Bytes in memory for this client.
    var heldBytes: Int { (reader?.count ?? 0) + output.count }

    /// Takes what the client sent; returns the request when that completes it.
    mutating func take(_ bytes: some Collection<UInt8>, at now: Moment) -> Question? {
        heard = now
        switch reader?.take(bytes) {
        case .more, nil: break
        case .moreOnceToldSo: output += RequestReader.continueLine
        case .refused(let response): send(response, at: now)
        case .complete(let request, let body):
            (phase, deadline, reader) = (.waiting, nil, nil)
            return Question(request: request, body: body, routes: routes)
        }
        return nil
    }

    /// The client sends no more. It may still wait for its answer.
    mutating func inputEnded(at now: Moment) {
        hasEnded = true
        switch phase {
        case .receiving: sendOrEnd(reader?.end(), at: now)
        case .leaving: phase = .over
        case .waiting, .sending, .over: break
        }
    }

    /// Sends the answer.
    mutating func send(_ response: HTTPResponse, at now: Moment) { send(response.bytes, at: now) }

    mutating func send(_ bytes: [UInt8], at now: Moment) {
        (phase, deadline, reader) = (.sending, now + limits.answer, nil)
        output = Array(unsent) + bytes
        sent = 0
    }

    /// So many bytes of ``unsent`` are sent.
    mutating func didSend(_ count: Int, at now: Moment) {
        sent += count
        heard = now
        guard unsent.isEmpty else { return }
        (output, sent) = ([], 0)
        guard phase == .sending else { return }
        (phase, deadline) = (hasEnded ? .over : .leaving, now + limits.farewell)
    }

    /// There is no room for more of this client. It is told so when it began a request.
    mutating func refuse(at now: Moment) {
        sendOrEnd(reader?.refusal(.serviceBusy), at: now)
    }

    /// What is over when its time is: a request that did not come is answered so, everything else ends.
    mutating func timePassed(to now: Moment) {
        guard let deadline, deadline <= now else { return }
        sendOrEnd(reader?.refusal(.requestTooSlow), at: now)
    }

    /// The connection is of no use any more.
    mutating func end() { (phase, reader, output, sent) = (.over, nil, [], 0) }

    private mutating func sendOrEnd(_ response: HTTPResponse?, at now: Moment) {
        guard let response else { return end() }
        send(response, at: now)
    }

    /// Who loses its place when all are taken; nil when none may be taken away. First who has its answer, then who has been
    /// silent longest; who waits for an answer has done all that it can.
    static func leastNeeded(_ exchanges: some Collection<(Int, Exchange)>, at now: Moment) -> Int? {
        let candidates = exchanges.filter { _, exchange in
            switch exchange.phase {
            case .leaving, .over: true
            case .receiving, .sending: exchange.heard + exchange.limits.silence <= now
            case .waiting: false
            }
        }
        return candidates.min { first, second in
            let ranks = (first.1.phase == .leaving, second.1.phase == .leaving)
            return ranks.0 == ranks.1 ? first.1.heard < second.1.heard : ranks.0
        }?.0
    }

    /// Who gives memory back when there is not enough: who holds most of those who have a large part of it; nil for nobody.
    /// What waits for its answer is complete, and small requests fit in any case.
    static func largest(_ exchanges: some Collection<(Int, Exchange)>) -> Int? {
        exchanges.filter { _, exchange in
            (exchange.phase == .receiving || exchange.phase == .sending)
                && exchange.heldBytes > ServiceRoutes.mostBodyBytes + HTTPRequest.mostHeadBytes
        }.max { $0.1.heldBytes < $1.1.heldBytes }?.0
    }

    /// When ``leastNeeded(_:at:)`` may find this one, if nothing else happens.
    var mayLosePlaceAt: Moment? { phase == .waiting ? nil : heard + limits.silence }
}

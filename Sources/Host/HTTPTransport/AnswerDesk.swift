internal import Diagnostics
internal import LinuxSystem
internal import ServiceAPI
internal import Synchronization
internal import SystemPackage

/// Makes answers, in threads of its own: the machine has one manager and one TPM, and a workload may take its time while
/// others still send their requests. Calls have threads of their own, so that a workload that never answers keeps nobody from
/// a list or from evidence; root's requests go before those of verifiers.
final class AnswerDesk<Backend: HostBackend>: Sendable {
    /// Makes what answers, in the thread that will use it. It is told how to ask whether the answer is still wanted.
    typealias Maker = @Sendable (_ isWanted: @escaping @Sendable () -> Bool) -> HostService<Backend>

    private struct Asked: Sendable {
        let client: Int
        let question: Exchange.Question
        /// When nobody waits for the answer any more.
        let deadline: Moment?

        var isControl: Bool { question.routes.isControl }
        var isCall: Bool { ServiceRoutes.isCall(question.request) }
        /// All other questions get their turn soon.
        var callDeadline: Moment? { isCall ? deadline : nil }
    }

    struct Answer: Sendable {
        let client: Int
        let bytes: [UInt8]
        /// Root's.
        let isControl: Bool
    }

    private struct State {
        var questions: [Asked] = []
        var answers: [Answer] = []
        /// Whose answers are being made, by worker.
        var current: [Int: Asked] = [:]
        /// Of those, the ones who are gone.
        var gone: Set<Int> = []
        var isClosed = false
    }

    private let make: Maker
    private let state = Mutex(State())
    /// One a worker. The first makes all answers but those of calls.
    private let work: [Bell]
    /// Rings when an answer is there.
    let news: Bell

    /// - Parameter calls: how many calls may be under way.
    ///
    /// Throws `serviceFailed`.
    init(calls: Int, _ make: @escaping Maker) throws(ToolError) {
        (news, work) = try ToolError.ifRefused { () throws(Errno) in
            try (Bell(), (0...calls).map { _ throws(Errno) in try Bell() })
        }
        self.make = make
    }

    /// Begins to work.
    func open() throws(ToolError) {
        for worker in work.indices {
            try ToolError.ifRefused("a thread") { () throws(Errno) in
                try BackgroundThread.start {
                    var service: HostService<Backend>?
                    while self.next(worker, &service) {}
                }
            }
        }
    }

    /// Questions that nobody began to answer, of root or of verifiers.
    func waiting(isControl: Bool) -> Int {
        state.withLock { $0.questions.count { $0.question.routes.isControl == isControl } }
    }

    /// Bytes of verifiers' requests and answers that are kept here.
    var heldBytes: Int {
        state.withLock { state in
            state.questions.reduce(0) { $0 + ($1.isControl ? 0 : $1.question.body.count) }
                + state.answers.reduce(0) { $0 + ($1.isControl ? 0 : $1.bytes.count) }
        }
    }

    /// When the first of those calls that nobody began is no longer waited for.
    var nextDeadline: Moment? { state.withLock { $0.questions.compactMap(\.callDeadline).min() } }

    /// Who made calls that are no longer waited for, though nobody began them. They are forgotten.
    func expire(at now: Moment) -> [Int] {
        state.withLock { state in
            let late = state.questions.filter { $0.callDeadline.map { $0 <= now } == true }.map(\.client)
            state.questions.removeAll { late.contains($0.client) }
            return late
        }
    }

    /// - Parameter deadline: of the answer; nil for one that is waited for as long as it takes.
    func ask(_ question: Exchange.Question, for client: Int, until deadline: Moment?) {
        state.withLock { $0.questions.append(Asked(client: client, question: question, deadline: deadline)) }
        ring()
    }

    /// A client that is gone needs no answer.
    func forget(_ client: Int) {
        state.withLock { state in
            state.questions.removeAll { $0.client == client }
            state.answers.removeAll { $0.client == client }
            for (worker, asked) in state.current where asked.client == client { state.gone.insert(worker) }
        }
    }

    /// The answers that were made since the last time.
    func collect() -> [Answer] {
        news.silence()
        return state.withLock { state in
            defer { state.answers = [] }
            return state.answers
        }
    }

    /// Begins no answer any more; returns for whom some are being made.
    func close() -> Set<Int> {
        defer { ring() }
        return state.withLock { state in
            state.isClosed = true
            return Set(state.current.values.map(\.client))
        }
    }

    private func ring() { for bell in work { bell.ring() } }

    /// False when there will be no more work.
    private func next(_ worker: Int, _ service: inout HostService<Backend>?) -> Bool {
        guard let asked = take(worker) else {
            guard !state.withLock({ $0.isClosed }) else { return false }
            work[worker].wait()
            return true
        }
        let maker = service ?? make { self.isWanted(worker) }
        service = maker
        let (request, body, routes) = (asked.question.request, asked.question.body, asked.question.routes)
        let answer = maker.answer(request, body: body, routes: routes).bytes
        state.withLock { state in
            state.current[worker] = nil
            guard state.gone.remove(worker) == nil else { return }
            state.answers.append(Answer(client: asked.client, bytes: answer, isControl: asked.isControl))
        }
        news.ring()
        return true
    }

    private func take(_ worker: Int) -> Asked? {
        state.withLock { state in
            let mine = state.questions.indices.filter { state.questions[$0].isCall == (worker != 0) }
            let ofRoot = mine.first { state.questions[$0].isControl }
            guard !state.isClosed, let next = ofRoot ?? mine.first else { return nil }
            guard ofRoot != nil || worker == 0 || mayTakeOneMore(state.current) else { return nil }
            let first = state.questions.remove(at: next)
            state.current[worker] = first
            return first
        }
    }

    /// Whether one more call of a verifier leaves a thread to root.
    private func mayTakeOneMore(_ current: [Int: Asked]) -> Bool {
        let calls = work.count - 1
        return current.count { $0.key != 0 && !$0.value.isControl } < max(1, calls - 1)
    }

    /// Whether somebody waits for the answer that a worker makes.
    private func isWanted(_ worker: Int) -> Bool {
        state.withLock { state in
            guard !state.gone.contains(worker) else { return false }
            return state.current[worker]?.deadline.map { Moment.now < $0 } ?? true
        }
    }
}

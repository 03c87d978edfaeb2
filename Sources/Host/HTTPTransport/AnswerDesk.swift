internal import Diagnostics
internal import HostService
internal import Synchronization

/// Makes answers one at a time, in a thread of its own: the machine has one manager and one TPM, and a workload may take
/// its time while others still send their requests.
final class AnswerDesk<Backend: HostBackend>: Sendable {
    private struct State {
        var questions: [(client: Int, question: Exchange.Question)] = []
        var answers: [(client: Int, bytes: [UInt8])] = []
        /// Whose answer is being made.
        var current: Int?
        var isClosed = false
    }

    private let service: Mutex<HostService<Backend>>
    private let state = Mutex(State())
    private let work: Bell
    /// Rings when an answer is there.
    let news: Bell

    /// Throws `serviceFailed`.
    init(_ service: sending HostService<Backend>) throws(ToolError) {
        (work, news) = (try Bell(), try Bell())
        self.service = Mutex(service)
    }

    /// Begins to work.
    func open() throws(ToolError) {
        try BackgroundThread.start { while self.next() {} }
    }

    /// Questions that nobody began to answer.
    var waiting: Int { state.withLock { $0.questions.count } }
    /// Bytes of requests and answers that are kept here.
    var heldBytes: Int {
        state.withLock { state in
            state.questions.reduce(0) { $0 + $1.question.body.count }
                + state.answers.reduce(0) { $0 + $1.bytes.count }
        }
    }

    func ask(_ question: Exchange.Question, for client: Int) {
        state.withLock { $0.questions.append((client, question)) }
        work.ring()
    }

    /// A client that is gone needs no answer.
    func forget(_ client: Int) {
        state.withLock { state in
            state.questions.removeAll { $0.client == client }
            state.answers.removeAll { $0.client == client }
        }
    }

    /// The answers that were made since the last time.
    func collect() -> [(client: Int, bytes: [UInt8])] {
        news.silence()
        return state.withLock { state in
            defer { state.answers = [] }
            return state.answers
        }
    }

    /// Begins no answer any more; returns for whom one is being made.
    func close() -> Int? {
        defer { work.ring() }
        return state.withLock { state in
            state.isClosed = true
            return state.current
        }
    }

    /// False when there will be no more work.
    private func next() -> Bool {
        guard let (client, question) = take() else {
            guard !state.withLock({ $0.isClosed }) else { return false }
            work.wait()
            return true
        }
        let answer = service.withLock { $0.answer(question.request, body: question.body).bytes }
        state.withLock { state in
            state.current = nil
            state.answers.append((client, answer))
        }
        news.ring()
        return true
    }

    private func take() -> (client: Int, question: Exchange.Question)? {
        state.withLock { state in
            guard !state.isClosed, !state.questions.isEmpty else { return nil }
            let first = state.questions.removeFirst()
            state.current = first.client
            return first
        }
    }
}

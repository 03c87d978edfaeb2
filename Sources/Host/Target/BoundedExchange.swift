internal import Foundation
internal import FoundationNetworking
internal import Synchronization

/// Receives one answer: no redirection (the target must not choose whom we talk to next) and no more bytes than
/// asked for (it must not fill our memory).
final class BoundedExchange: NSObject, URLSessionDataDelegate, Sendable {
    /// What came back.
    enum Outcome: Sendable {
        case answer(status: Int, body: [UInt8])
        case tooLarge
        case failed(String)
    }

    private struct State: Sendable {
        var body: [UInt8] = []
        var status = 0
        var isTooLarge = false
        var continuation: CheckedContinuation<Outcome, Never>?
    }

    private let limit: Int
    private let state = Mutex(State())

    private init(limit: Int) { self.limit = limit }

    /// Sends a request and waits for its whole answer.
    static func run(_ request: URLRequest, limit: Int) async -> Outcome {
        let exchange = BoundedExchange(limit: limit)
        let session = URLSession(configuration: .ephemeral, delegate: exchange, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        return await withCheckedContinuation { continuation in
            exchange.state.withLock { $0.continuation = continuation }
            session.dataTask(with: request).resume()
        }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        state.withLock { $0.status = (response as? HTTPURLResponse)?.statusCode ?? 0 }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooLarge = state.withLock { state in
            state.isTooLarge = state.isTooLarge || state.body.count + data.count > limit
            if !state.isTooLarge { state.body.append(contentsOf: data) }
            return state.isTooLarge
        }
        if isTooLarge { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let reason = error?.localizedDescription
        state.withLock { state in
            let outcome: Outcome =
                if state.isTooLarge { .tooLarge } else if let reason { .failed(reason) } else {
                    .answer(status: state.status, body: state.body)
                }
            state.continuation?.resume(returning: outcome)
            state.continuation = nil
        }
    }
}

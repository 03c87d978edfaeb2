internal import Diagnostics
internal import Dispatch
internal import Foundation
internal import Synchronization

/// Work on a thread of its own: what waits for other programs may hold no thread that others share.
final class Background<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, ToolError>?>(nil)
    private let running = DispatchGroup()

    init(_ body: @escaping @Sendable () throws(ToolError) -> Value) {
        running.enter()
        Thread { [self] in
            let outcome = Result { () throws(ToolError) in try body() }
            result.withLock { $0 = outcome }
            running.leave()
        }.start()
    }

    /// Waits for the work. Throws what it threw.
    func value() throws(ToolError) -> Value {
        running.wait()
        return try result.withLock { $0! }.get()
    }
}

internal import Dispatch
internal import Glibc

/// Runs an action when a person or a supervisor ends the program, so that no machine stays behind.
public final class Interruption {
    private var sources: [any DispatchSourceSignal] = []

    /// The action runs on a queue of its own; then the program ends with status 130.
    public init(_ action: @escaping @Sendable () -> Void) {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                action()
                exit(130)
            }
            source.resume()
            sources.append(source)
        }
    }

    /// Stops listening.
    public func cancel() { for source in sources { source.cancel() } }
}

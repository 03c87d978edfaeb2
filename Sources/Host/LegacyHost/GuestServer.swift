public import Diagnostics
public import GuestRunner
internal import LinuxSystem
internal import SICEABI

/// A Linux guest's surroundings in the legacy host: its time, its network, its console, which goes to standard output and to
/// whoever connects to a socket (`sice console`), one at a time; and the socket of those who want it elsewhere (`sice move`).
public final class GuestServer {
    let console: ConsoleServer
    let control: ControlSocket
    let timer: SliceTimer
    /// What may have input since somebody looked: each look is a system call, at every exit of the guest.
    private var news = News.all
    private var isPrinting = true
    /// Why not everything that the guest said went to standard output; nil as well when its reader has gone.
    public private(set) var outputFailure: ToolError?
    /// Ends with a message when the guest breaks its rules; the guest goes on.
    public var network: GuestNetwork?

    /// Throws `outputFailed` when a socket cannot be made.
    public init(_ environment: UInt32) throws(ToolError) {
        StandardStreams.outliveReader()
        console = try ConsoleServer(ConsoleServer.path(environment))
        control = try ControlSocket(environment)
        timer = try SliceTimer()
    }

    /// Why the slice shall end, if it shall.
    public var attention: Attention {
        if checkForInput() || network?.hasWork ?? false { return .input }
        return timer.isOver ? .time : .none
    }

    struct News: OptionSet {
        let rawValue: Int
        static let console = News(rawValue: 1)
        static let control = News(rawValue: 2)
        static let all: News = [.console, .control]
    }

    @discardableResult
    func checkForInput() -> Bool {
        guard InputSignal.came() else { return false }
        news = .all
        network?.inputCame()
        return true
    }

    /// Whether one of them may have input, once.
    func isNew(_ kind: News) -> Bool {
        checkForInput()
        return news.remove(kind) != nil
    }

    /// One of them may have more.
    func expectMore(from kind: News) { news.insert(kind) }

    /// Tells who is connected that the guest's machine has ended.
    public func end() { console.end() }

    /// The guest goes on without standard output: its devices are lost with this process, and others may read its console.
    func print(_ bytes: [UInt8]) {
        guard isPrinting else { return }
        do throws(ToolError) { isPrinting = try StandardStreams.writeWhileRead(bytes) } catch {
            isPrinting = false
            outputFailure = error
            StandardStreams.message(error.message)
        }
    }
}

internal import CSMICall
public import DeviceModel
public import Diagnostics
internal import Glibc
public import GuestRunner
internal import SICEABI

/// A Linux guest's surroundings in the legacy host: the monotonic clock, a timer that ends its slices, its network, its
/// console, which goes to standard output and to whoever connects to a socket (`sice console`), one at a time; and the
/// socket of those who want it elsewhere (`sice move`).
public final class GuestConsole: GuestSurroundings {
    private let server: ConsoleServer
    private let control: ControlSocket
    private let timer: Int32
    /// When the slice shall end.
    private var armed: UInt64?
    /// What the timer is set to.
    private var set: UInt64?
    private let start: UInt64
    /// What may have input since somebody looked: each look is a system call, at every exit of the guest.
    private var news = News.all
    private var isPrinting = true
    /// Why not everything that the guest said went to standard output; nil as well when its reader has gone.
    public private(set) var outputFailure: ToolError?
    /// Ends with a message when the guest breaks its rules; the guest goes on.
    public var network: GuestNetwork?

    /// Where a guest's console is served.
    public static func path(_ environment: UInt32) -> String {
        "\(HostSession.folder)/console-\(environment)"
    }

    /// Throws `outputFailed` when the socket cannot be made.
    public init(_ environment: UInt32) throws(ToolError) {
        StandardStreams.outliveReader()
        server = try ConsoleServer(GuestConsole.path(environment))
        control = try ControlSocket(environment)
        timer = sice_timer_make()
        start = GuestConsole.monotonic()
        guard timer >= 0 else { throw ToolError(.internalFailure, String(systemError: errno)) }
    }

    deinit { close(timer) }

    private static func monotonic() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    public func now() -> UInt64 { GuestConsole.monotonic() - start }

    /// How late a busy guest's timer may be.
    private static let slack: UInt64 = 4_000_000

    /// The timer's interrupt leaves the guest; nobody reads the timer. A host ends slices by its own tick as well, so the
    /// timer is set for the case that none comes: each exit and each system call costs the guest more than a late tick.
    public func endSlice(at time: UInt64?) {
        armed = time
        guard let time else {
            if set != nil { sice_timer_set(timer, 0) }
            set = nil
            return
        }
        if let set, (time...time + 2 * Self.slack).contains(set) { return }
        set = time + Self.slack
        sice_timer_set(timer, start + time + Self.slack)
    }

    /// Why the slice shall end, if it shall.
    public var attention: Attention {
        if lookForNews() || network?.hasWork ?? false { return .input }
        return armed.map { now() >= $0 } ?? false ? .time : .none
    }

    private struct News: OptionSet {
        let rawValue: Int
        static let console = News(rawValue: 1)
        static let control = News(rawValue: 2)
        static let all: News = [.console, .control]
    }

    @discardableResult
    private func lookForNews() -> Bool {
        guard sice_input_came() != 0 else { return false }
        news = .all
        network?.inputCame()
        return true
    }

    /// Whether one of them may have input, once.
    private func take(_ kind: News) -> Bool {
        lookForNews()
        return news.remove(kind) != nil
    }

    public func moveNetwork() -> NetworkNews {
        lookForNews()
        do throws(ErrorCode) { return try network?.move(now: now()) ?? .nothing } catch {
            network?.end(error)
            // Who reads the message finds no interface any more.
            network = nil
            StandardStreams.message(ToolError(error, "the guest's network has ended").message)
            return .nothing
        }
    }

    public func sleep(until time: UInt64?) {
        let present = now()
        let time = min(time ?? .max, network?.nextRing ?? .max)
        let patience = time == .max ? time : time > present ? time - present : 0
        wait(for: server.files + [control.file, network?.fileToWaitFor ?? -1], patience)
    }

    private func wait(for files: [Int32], _ nanoseconds: UInt64) {
        unsafe sice_wait_for_input(files, Int32(files.count), nanoseconds)
    }

    public func request() -> GuestPlace? {
        guard take(.control), let place = control.request() else { return nil }
        // The next one may be there already.
        news.insert(.control)
        return place
    }
    public func answer(_ error: ToolError?) { control.answer(error) }
    public func waitForRequest() { wait(for: [control.file], 1_000_000_000) }

    public func input(limit: Int) -> [UInt8] {
        guard take(.console), let typed = server.input(limit: limit) else { return [] }
        // The next piece, or the next client, may be there already.
        news.insert(.console)
        return typed
    }

    public func newWindowSize() -> WindowSize? { server.takeSize() }

    /// Tells who is connected that the guest's machine has ended.
    public func end() { server.end() }

    public func output(_ bytes: [UInt8]) {
        print(bytes)
        server.output(bytes)
    }

    /// The guest goes on without standard output: its devices are lost with this process, and others may read its console.
    private func print(_ bytes: [UInt8]) {
        guard isPrinting else { return }
        do throws(ToolError) { isPrinting = try StandardStreams.writeWhileRead(bytes) } catch {
            isPrinting = false
            outputFailure = error
            StandardStreams.message(error.message)
        }
    }
}

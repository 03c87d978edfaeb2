public import Diagnostics
internal import LinuxSystem
internal import SICEABI
public import ServiceAPI
internal import SystemPackage

/// Where clients come in, and what they may ask for there.
public struct Door: Sendable {
    let listener: Listener
    let routes: ServiceRoutes

    public init(_ listener: Listener, _ routes: ServiceRoutes) {
        self.listener = listener
        self.routes = routes
    }
}

/// Serves many connections side by side, one request each, by a loop over poll(2): no client waits for another one's bytes.
/// Answers are made elsewhere (``AnswerDesk``).
public final class HTTPServer<Backend: HostBackend> {
    let limits: TransportLimits
    let desk: AnswerDesk<Backend>
    /// None when no more connections are taken.
    private var doors: [Door]
    var connections: [Int: Connection] = [:]
    private var lastClient = 0
    /// No connection is taken before then.
    var pausesUntil: Moment?
    private let stop: StopRequest
    private var endsAt: Moment?
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    /// - Parameter make: makes what answers, for each of its threads.
    ///
    /// Throws `serviceFailed`.
    public init(
        at doors: [Door], until stop: StopRequest, limits: TransportLimits = TransportLimits(),
        _ make: @escaping @Sendable (_ isWanted: @escaping @Sendable () -> Bool) -> HostService<Backend>
    ) throws(ToolError) {
        (self.doors, self.stop, self.limits) = (doors, stop, limits)
        desk = try AnswerDesk(calls: limits.calls, make)
    }

    /// Serves until it is told to end. Throws `serviceFailed` when nobody can connect any more.
    public func run() throws(ToolError) {
        try desk.open()
        defer { _ = desk.close() }
        while endsAt == nil || !connections.isEmpty {
            let now = Moment.now
            if let endsAt, endsAt <= now { return }
            for client in desk.expire(at: now) { send(ToolError(.callAbandoned), to: client, at: now) }
            removeThoseThatAreOver(at: now)
            let clients = connections.keys.sorted()
            let doors = doors
            var entries =
                ([stop.bell.file, desk.news.file]
                + doors.map { isAccepting($0, at: now) ? $0.listener.file : nil })
                .map { (file: $0?.descriptor, events: FileEvents.input) }
            entries += clients.compactMap { connections[$0]?.entry }
            let ready = try wait(for: entries, until: nextDeadline(after: now))
            let later = Moment.now
            for (client, events) in zip(clients, ready[(2 + doors.count)...]) where !events.isEmpty {
                serve(client, at: later)
            }
            if !ready[1].isEmpty { passAnswersOn(at: later) }
            for (door, events) in zip(doors, ready[2...]) where !events.isEmpty {
                try accept(door, at: later)
            }
            if !ready[0].isEmpty, !beginToEnd(at: later) { return }
        }
    }

    /// What each file is ready for; nothing when a signal came.
    private func wait(
        for entries: [(file: FileDescriptor?, events: FileEvents)], until deadline: Moment?
    ) throws(ToolError) -> [FileEvents] {
        let left = deadline.map { max(0, $0.milliseconds - Moment.now.milliseconds) } ?? -1
        do throws(Errno) {
            return try FileEvents.wait(for: entries, milliseconds: Int32(clamping: left))
        } catch {
            guard error == .interrupted else { throw ToolError(.serviceFailed, "\(error)") }
            return entries.map { _ in [] }
        }
    }

    /// When something is due though nothing happens.
    private func nextDeadline(after now: Moment) -> Moment? {
        var moments =
            connections.values.compactMap(\.exchange.deadline)
            + [endsAt, pausesUntil, desk.nextDeadline].compactMap { $0 }
        if doors.contains(where: isFull) {
            moments += connections.values.compactMap(\.exchange.mayLosePlaceAt).filter { now < $0 }
        }
        return moments.min()
    }

    private func serve(_ client: Int, at now: Moment) {
        guard let connection = connections[client] else { return }
        // Nothing is wanted of it: it is gone.
        if connection.exchange.phase == .waiting { return connection.exchange.end() }
        if connection.exchange.wantsInput {
            if let question = connection.receive(&buffer, at: now) { ask(question, client, at: now) }
            makeRoom(at: now)
        }
        connection.send(at: now)
    }

    private func ask(_ question: Exchange.Question, _ client: Int, at now: Moment) {
        let isControl = question.routes.isControl
        guard desk.waiting(isControl: isControl) < limits.waiting else {
            let response = HTTPResponse(ToolError(.serviceBusy)).toMethod(question.request.method)
            connections[client]?.exchange.send(response, at: now)
            return
        }
        // Root can see what a workload does, and end it.
        desk.ask(question, for: client, until: isControl ? nil : now + limits.call)
    }

    private func passAnswersOn(at now: Moment) {
        for answer in desk.collect() {
            guard let connection = connections[answer.client] else { continue }
            if !answer.isControl { makeRoom(for: answer.bytes.count, of: answer.client, at: now) }
            connection.exchange.send(answer.bytes, at: now)
            connection.send(at: now)
        }
    }

    private func send(_ error: ToolError, to client: Int, at now: Moment) {
        connections[client]?.exchange.send(HTTPResponse(error), at: now)
        connections[client]?.send(at: now)
    }

    func add(_ socket: OpenFile, _ routes: ServiceRoutes, at now: Moment) {
        lastClient += 1
        connections[lastClient] = Connection(socket, Exchange(routes, limits, at: now))
    }

    /// The first time: takes nobody in, drops who has not asked yet, and goes on until the others have their answers. False
    /// the second time.
    private func beginToEnd(at now: Moment) -> Bool {
        guard endsAt == nil else { return false }
        stop.bell.silence()
        endsAt = now + limits.end
        (doors, pausesUntil) = ([], nil)
        let current = desk.close()
        passAnswersOn(at: now)
        for (client, connection) in connections {
            switch connection.exchange.phase {
            case .sending, .leaving, .over: break
            case .waiting where current.contains(client): break
            case .waiting, .receiving: connections[client] = nil
            }
        }
        return true
    }
}

internal import Diagnostics
internal import SICEABI
internal import ServiceAPI

/// Who gets in, and who must go, when there is not enough for all.
extension HTTPServer {
    /// Whether a door's places are all taken: verifiers cannot take root's.
    func isFull(_ door: Door) -> Bool { of(door).count >= limits.connections }

    /// Whether to look for newcomers. When all places are taken, and by such as need them, they wait in the system's queue.
    func isAccepting(_ door: Door, at now: Moment) -> Bool {
        if let pausesUntil, now < pausesUntil { return false }
        pausesUntil = nil
        return hasPlace(door, at: now)
    }

    /// Takes newcomers in, as long as there are some and places for them. Throws `serviceFailed` when nobody can come any more.
    func accept(_ door: Door, at now: Moment) throws(ToolError) {
        while hasPlace(door, at: now) {
            switch door.listener.accept() {
            case .connection(let socket):
                if isFull(door) { dropLeastNeeded(door, at: now) }
                add(socket, door.routes, at: now)
            case .stranger: continue
            case .nobody: return
            case .later:
                // Perhaps a file less in use is what the system lacks.
                dropLeastNeeded(door, at: now)
                pausesUntil = now + limits.pause
                return
            case .never(let number): throw ToolError(.serviceFailed, "accept: \(String(systemError: number))")
            }
        }
    }

    func removeThoseThatAreOver(at now: Moment) {
        for (client, connection) in connections {
            connection.exchange.timePassed(to: now)
            if connection.exchange.phase == .over { remove(client) }
        }
    }

    /// Ends the verifiers that hold most, until there is memory for so many bytes more: who sends a body or takes an answer
    /// slowly on purpose must not keep others from theirs. What root asks for neither counts nor gives way.
    func makeRoom(for count: Int = 0, of client: Int? = nil, at now: Moment) {
        while heldBytes + count > limits.heldBytes,
            let largest = Exchange.largest(verifiers.filter { $0.0 != client })
        { connections[largest]?.exchange.refuse(at: now) }
    }

    private var heldBytes: Int { verifiers.reduce(desk.heldBytes) { $0 + $1.1.heldBytes } }
    private var verifiers: [(Int, Exchange)] { inOrder.filter { !$0.1.routes.isControl } }

    private func hasPlace(_ door: Door, at now: Moment) -> Bool {
        !isFull(door) || Exchange.leastNeeded(of(door), at: now) != nil
    }

    private func dropLeastNeeded(_ door: Door, at now: Moment) {
        if let client = Exchange.leastNeeded(of(door), at: now) { remove(client) }
    }

    /// Who came through a door.
    private func of(_ door: Door) -> [(Int, Exchange)] {
        inOrder.filter { $0.1.routes.isControl == door.routes.isControl }
    }

    /// The oldest first.
    private var inOrder: [(Int, Exchange)] {
        connections.sorted { $0.key < $1.key }.map { ($0.key, $0.value.exchange) }
    }

    private func remove(_ client: Int) {
        desk.forget(client)
        connections[client] = nil
    }
}

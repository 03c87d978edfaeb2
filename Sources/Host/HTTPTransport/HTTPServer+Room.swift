internal import Diagnostics
internal import SICEABI

/// Who gets in, and who must go, when there is not enough for all.
extension HTTPServer {
    var isFull: Bool { connections.count >= limits.connections }

    /// Whether to look for newcomers. When all places are taken, and by such as need them, they wait in the system's queue.
    func isAccepting(at now: Moment) -> Bool {
        guard listener != nil else { return false }
        if let pausesUntil, now < pausesUntil { return false }
        pausesUntil = nil
        return hasPlace(at: now)
    }

    /// Takes newcomers in, as long as there are some and places for them. Throws `serviceFailed` when nobody can come any more.
    func accept(at now: Moment) throws(ToolError) {
        while hasPlace(at: now) {
            switch listener?.accept() ?? .nobody {
            case .connection(let file):
                if isFull { dropLeastNeeded(at: now) }
                add(file, at: now)
            case .nobody: return
            case .later:
                // Perhaps a file less in use is what the system lacks.
                dropLeastNeeded(at: now)
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

    /// Ends those that hold most, until there is memory for so many bytes more: who sends a body or takes an answer slowly on
    /// purpose must not keep others from theirs.
    func makeRoom(for count: Int = 0, of client: Int? = nil, at now: Moment) {
        while heldBytes + count > limits.heldBytes,
            let largest = Exchange.largest(inOrder.filter { $0.0 != client })
        { connections[largest]?.exchange.refuse(at: now) }
    }

    private var heldBytes: Int { connections.values.reduce(desk.heldBytes) { $0 + $1.exchange.heldBytes } }

    private func hasPlace(at now: Moment) -> Bool { !isFull || leastNeeded(at: now) != nil }

    private func dropLeastNeeded(at now: Moment) {
        if let client = leastNeeded(at: now) { remove(client) }
    }

    private func leastNeeded(at now: Moment) -> Int? {
        Exchange.leastNeeded(inOrder, at: now)
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

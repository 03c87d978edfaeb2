/// How long and how much a client gets. Times are in milliseconds, of a clock that nobody sets.
public struct TransportLimits: Sendable {
    /// From the connection to the last byte of the request, whatever comes meanwhile: the largest body at 2 MiB a second.
    public var request = 30_000
    /// From the answer to its last byte: the same for the largest answer.
    public var answer = 30_000
    /// From there until the client closes, too. Closing first, with bytes of it unread, resets the connection, and a client
    /// that still sends would not see the answer.
    public var farewell = 2_000
    /// A client that neither sent nor took anything for so long loses its place when all are taken. On a busy network a lost
    /// packet is there again by then.
    public var silence = 1_000
    /// Before the next attempt when the system has no file or memory left for a connection.
    public var pause = 1_000
    /// From a verifier's call to its workload's answer.
    public var call = 120_000
    /// Most calls under way at a time.
    public var calls = 4
    /// For answers that are under way when the service is told to end.
    public var end = 5_000
    /// Most connections at a time, of verifiers and of root each; the next ones wait in the system's queue. Far below the 1024 files of a process.
    public var connections = 96
    /// Most requests that wait for their answers, likewise: the other connections are left to those who still send or take theirs.
    public var waiting = 64
    /// Most bytes of requests and answers in memory: one of the largest each.
    public var heldBytes = 128 << 20

    public init() {}
}

internal import ManagerAccess

/// How often and why a Linux guest gave its core back, by phases that the guest marks itself: it writes a number to the
/// scratch register of its serial port, which nothing else uses.
public struct ExitStatistics: Equatable, Sendable {
    /// Exits by reason. Each one is one switch to the guest and back.
    public struct Counts: Equatable, Sendable {
        public var hostInterrupts = 0
        public var portReads = 0
        public var portWrites = 0
        public var halts = 0
        public var others = 0

        public var all: Int { hostInterrupts + portReads + portWrites + halts + others }
    }

    static let markPort: UInt16 = 0x3FF

    public struct Phase: Equatable, Sendable {
        public let mark: UInt32
        public var counts = Counts()
    }

    /// In the order in which they began first; one may come again.
    public private(set) var phases = [Phase(mark: 0)]
    private var current = 0

    public init() {}

    mutating func count(_ exit: EnvironmentExit) {
        if case .portWrite(Self.markPort, _, let mark) = exit { return begin(mark) }
        switch exit {
        case .hostInterrupt: phases[current].counts.hostInterrupts += 1
        case .portRead: phases[current].counts.portReads += 1
        case .portWrite: phases[current].counts.portWrites += 1
        case .halted: phases[current].counts.halts += 1
        default: phases[current].counts.others += 1
        }
    }

    private mutating func begin(_ mark: UInt32) {
        if let known = phases.firstIndex(where: { $0.mark == mark }) {
            current = known
        } else {
            // More phases than a byte has values cannot be, whatever width the guest writes.
            guard phases.count <= UInt8.max else { return }
            phases.append(Phase(mark: mark))
            current = phases.count - 1
        }
    }

    /// For each phase: `exits MARK ALL HOST-INTERRUPTS PORT-READS PORT-WRITES HALTS OTHERS`.
    public var lines: [String] {
        phases.map { phase in
            let counts = phase.counts
            return "exits \(phase.mark) \(counts.all) \(counts.hostInterrupts) \(counts.portReads) "
                + "\(counts.portWrites) \(counts.halts) \(counts.others)"
        }
    }
}

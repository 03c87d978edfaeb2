/// One Linux in four surroundings, compared with KVM. Times are medians, their spread the quartiles around them; instructions
/// are means, exits those of one repetition.
public struct SurroundingsReport: Sendable {
    /// A task in one of the surroundings.
    public struct Cell: Sendable {
        public let task: LinuxTask
        public let mode: Surroundings
        /// Of one repetition as it is stated.
        public let seconds: Sample
        /// Instructions of the CPU that it runs on, and of the other one.
        public let own: Double
        public let other: Double
        public let exits: Double
    }

    /// In the order of tasks, then of surroundings.
    public let rows: [[Cell]]
    /// Exits a second of a guest that waits.
    public let idleExits: [Surroundings: Double]

    /// Reads what `tools/sice-cost/run` prints. Throws `unusable` when something is missing or was measured wrong.
    public init(_ text: String) throws(BenchmarkError) {
        let log = SurroundingsLog(text)
        var problems = log.problems
        var rows: [[Cell]] = []
        for task in LinuxTask.allCases {
            rows.append(
                Surroundings.allCases.compactMap { mode in
                    let key = SurroundingsLog.Key(task: task, mode: mode)
                    let seconds = Sample(log.seconds[key] ?? [])
                    let own = Sample(log.own[key] ?? [])
                    if seconds == nil { problems.append("\(task) was not measured in mode \(mode)") }
                    if own == nil {
                        problems.append("instructions of \(task) were not counted in mode \(mode)")
                    }
                    guard let seconds, let own, let other = Sample(log.other[key] ?? []) else { return nil }
                    let exits = (log.exits[mode]?[task.number] ?? 0) / Double(seconds.count) * task.scale
                    return Cell(
                        task: task, mode: mode, seconds: seconds, own: own.mean, other: other.mean,
                        exits: exits)
                })
        }
        var idleExits: [Surroundings: Double] = [:]
        for mode in Surroundings.allCases where mode.isOurs {
            let time = log.idleSeconds[mode] ?? 0
            if time <= 0 { problems.append("no guest waited in mode \(mode)") }
            idleExits[mode] = (log.exits[mode]?[LinuxTask.idleNumber] ?? 0) / time
        }
        guard problems.isEmpty else { throw .unusable(problems) }
        self.rows = rows
        self.idleExits = idleExits
    }

    /// How much more time and instructions a cell takes than the same task under KVM, in percent.
    public func overhead(_ cell: Cell) -> (time: Double, instructions: Double) {
        let kvm = rows[cell.task.number - 1].first { $0.mode == .kvm } ?? cell
        return (cell.seconds.median.overhead(over: kvm.seconds.median), cell.own.overhead(over: kvm.own))
    }
}

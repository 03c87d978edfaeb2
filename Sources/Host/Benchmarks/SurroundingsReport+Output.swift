extension SurroundingsReport {
    /// An object a line.
    public var json: [String] {
        rows.joined().flatMap(objects)
            + Surroundings.allCases.filter(\.isOurs).map {
                object("idle.exits_\($0)", idleExits[$0] ?? 0, "exits/s")
            }
    }

    private func objects(_ cell: Cell) -> [String] {
        let (task, mode) = (cell.task, cell.mode)
        let spread = cell.seconds.quartiles
        let low = "\"low\": " + spread.lowerBound.printed("%.6g")
        let high = "\"high\": " + spread.upperBound.printed("%.6g")
        let common = [
            object(
                "\(task).instructions_\(mode)", cell.own, "instructions",
                "\"other\": " + cell.other.printed("%.6g")),
            object(
                "\(task).\(mode)", cell.seconds.median, "seconds",
                "\(low), \(high), \"repetitions\": \(cell.seconds.count)"),
        ]
        guard mode.isOurs else { return common }
        let (overhead, goal) = (overhead(cell), task.goal(in: mode))
        let judged = "\"goal\": \(goal.printed("%g")), \"met\": \(overhead.time <= goal)"
        return common + [
            object("\(task).overhead_\(mode)", overhead.time, "percent", judged),
            object("\(task).exits_\(mode)", cell.exits, "exits"),
            object("\(task).instruction_overhead_\(mode)", overhead.instructions, "percent"),
        ]
    }

    private func object(_ name: String, _ value: Double, _ unit: String, _ more: String = "") -> String {
        let rest = more.isEmpty ? "" : ", " + more
        return
            "{\"name\": \"sice.\(name)\", \"value\": \(value.printed("%.6g")), \"unit\": \"\(unit)\"\(rest)}"
    }

    /// Tables for a person.
    public var text: [String] { times + exits + instructions }

    /// A row of a table: a task, and a column for each of the surroundings with what is over KVM behind ours.
    private func row(_ cells: [Cell], _ column: (Cell) -> (value: String, overhead: Double)) -> String {
        cells.reduce((cells.first?.task.rawValue ?? "").filled(8)) { line, cell in
            let (value, overhead) = column(cell)
            let over = cell.mode.isOurs ? " " + overhead.printed("%+.1f%%").filled(8) : ""
            return line + " " + value.filled(24) + over
        }
    }

    private var times: [String] {
        let heading = Surroundings.allCases.reduce("seconds".filled(8)) {
            $0 + " " + $1.title.filled($1.isOurs ? 33 : 24)
        }
        return [heading]
            + rows.map { cells in
                row(cells) { cell in
                    let spread = cell.seconds.quartiles
                    let numbers = [cell.seconds.median, spread.lowerBound, spread.upperBound].map {
                        $0.printed("%.4g")
                    }
                    return ("\(numbers[0]) (\(numbers[1])-\(numbers[2]))", overhead(cell).time)
                }
            }
    }

    private var exits: [String] {
        func line(_ name: String, _ values: [Double]) -> String {
            values.reduce(name.filled(8)) { $0 + " " + $1.printed("%.1f").filled(-10) }
        }
        let idle = Surroundings.allCases.filter(\.isOurs).map { idleExits[$0] ?? 0 }
        return ["exits per repetition, time-sharing and multi-core:"]
            + rows.map { cells in
                line(cells.first?.task.rawValue ?? "", cells.filter(\.mode.isOurs).map(\.exits))
            } + [line("idle", idle) + " a second"]
    }

    private var instructions: [String] {
        ["millions of instructions per repetition, of this CPU + of the other:"]
            + rows.map { cells in
                row(cells) { cell in
                    let value = (cell.own / 1e6).printed("%.5g") + " + " + (cell.other / 1e6).printed("%.3g")
                    return (value, overhead(cell).instructions)
                }
            }
    }
}

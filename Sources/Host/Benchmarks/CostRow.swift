internal import Foundation

/// A cost as it was measured.
public struct CostRow: Equatable, Sendable {
    public let name: String
    public let unit: String
    public let value: Double
    public let goal: Double?

    /// Throws `missing`.
    public init(_ cost: Cost, _ metrics: Metrics) throws(BenchmarkError) {
        name = cost.name
        unit = cost.unit
        value = try cost.value.value(metrics)
        if let formula = cost.goal { goal = try formula.value(metrics) } else { goal = nil }
    }

    /// Nil without a goal.
    public var isMet: Bool? { goal.map { value <= $0 } }

    /// One line for a program.
    public var json: String {
        let limit = goal.map { ", \"goal\": \($0.printed("%.6g")), \"met\": \(value <= $0)" } ?? ""
        return "{\"name\": \"\(name)\", \"value\": \(value.printed("%.9g")), \"unit\": \"\(unit)\"\(limit)}"
    }

    /// One line for a person.
    public var text: String {
        let limit = goal.map { (value <= $0 ? "<= " : "MISSED ") + $0.printed("%.6g") } ?? ""
        return CostRow.line(name, value.printed("%.9g"), unit, limit)
    }

    /// What stands above those lines.
    public static let heading = line("benchmark", "value", "unit", "goal")

    private static func line(_ name: String, _ value: String, _ unit: String, _ goal: String) -> String {
        name.filled(22) + " " + value.filled(-12) + "  " + unit.filled(14) + " " + goal.filled(-12)
    }
}

extension Double {
    /// As C's `printf` writes it.
    func printed(_ format: String) -> String { String(format: format, self) }
}

extension String {
    /// With spaces to a width: behind it, or before it for a negative one.
    func filled(_ width: Int) -> String {
        let room = String(repeating: " ", count: max(0, abs(width) - count))
        return width < 0 ? room + self : self + room
    }
}

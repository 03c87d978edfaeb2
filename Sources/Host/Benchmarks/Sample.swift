/// Measurements of one thing under the same conditions.
public struct Sample: Equatable, Sendable {
    /// From the least to the largest; at least one.
    public let values: [Double]

    /// Nil without values, and with one that is no number.
    public init?(_ values: [Double]) {
        guard !values.isEmpty, values.allSatisfy(\.isFinite) else { return nil }
        self.values = values.sorted()
    }

    public var count: Int { values.count }
    /// What it takes when nothing else gets in the way: the rest of a time is what others did meanwhile.
    public var least: Double { values[0] }
    public var mean: Double { values.reduce(0, +) / Double(count) }
    public var median: Double { quantile(0.5) }
    /// Half of the values lie between these.
    public var quartiles: ClosedRange<Double> { quantile(0.25)...quantile(0.75) }

    /// The value below which `part` of all lie, from 0 to 1; linear between neighbours (Hyndman and Fan's type 7).
    public func quantile(_ part: Double) -> Double {
        let place = Double(count - 1) * min(max(part, 0), 1)
        let below = Int(place)
        guard below + 1 < count else { return values[count - 1] }
        return values[below] + (place - Double(below)) * (values[below + 1] - values[below])
    }
}

extension Double {
    /// How much more this is than another number, in percent of it.
    public func overhead(over other: Double) -> Double { (self / other - 1) * 100 }
}

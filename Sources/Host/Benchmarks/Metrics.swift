/// What programs measured, by name: their lines `metric NAME VALUE`, with or without a unit behind. A name may come again;
/// other lines are none of ours.
public struct Metrics: Sendable {
    private var values: [String: [Double]] = [:]

    public init() {}

    public mutating func read(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: " ")
            guard fields.count >= 3, fields[0] == "metric", let value = Double(fields[2]) else { continue }
            values[String(fields[1]), default: []].append(value)
        }
    }

    /// All that was measured under a name. Throws `missing`.
    public func sample(_ name: String) throws(BenchmarkError) -> Sample {
        guard let sample = Sample(values[name] ?? []) else { throw .missing(name) }
        return sample
    }

    /// The least of them. Throws `missing`.
    public func least(_ name: String) throws(BenchmarkError) -> Double { try sample(name).least }
}

/// Why there is no result.
public enum BenchmarkError: Error, Equatable, Sendable {
    /// Nothing was measured under this name.
    case missing(String)
    /// No cost has this name.
    case unknown(String)
    /// A program that measures ended with this status.
    case failed(String, Int32)
    /// What a person has to know of a measurement that counts for nothing.
    case unusable([String])

    /// For standard error.
    public var message: String {
        switch self {
        case .missing(let name): "\(name) could not be measured"
        case .unknown(let name):
            "no benchmark '\(name)'; there are: \(Cost.all.map(\.name).joined(separator: " "))"
        case .failed(let program, let status): "\(program) ended with status \(status)"
        case .unusable(let problems): problems.joined(separator: "\n")
        }
    }

    /// 64 for a wrong name, 69 for what could not be measured (sysexits.h).
    public var exitStatus: Int32 { if case .unknown = self { 64 } else { 69 } }
}

/// Where the time of a run went: seconds for each of its parts, and a picture of them in plain text.
public struct TimeSpent: Equatable, Sendable {
    /// Columns of the longest bar.
    private static let longest = 40.0

    /// In the order in which they began. What is spent on a part in several turns is one sum.
    public private(set) var parts: [(name: String, seconds: Double)] = []

    public init() {}

    public static func == (left: TimeSpent, right: TimeSpent) -> Bool {
        left.parts.elementsEqual(right.parts, by: ==)
    }

    /// - Parameter seconds: what is less than nothing, as a clock that was set back says, counts as nothing.
    public mutating func add(_ seconds: Double, to name: String) {
        let seconds = max(0, seconds)
        guard let index = parts.firstIndex(where: { $0.name == name }) else {
            return parts.append((name, seconds))
        }
        parts[index].seconds += seconds
    }

    /// Reads `NAME=MILLISECONDS`, as a script passes on what it spent before; nil for anything else.
    public static func parse(_ text: String) -> (name: String, seconds: Double)? {
        let words = text.split(separator: "=", omittingEmptySubsequences: false)
        guard words.count == 2, !words[0].isEmpty, words[0].allSatisfy({ $0.isASCII && $0.isLetter }),
            words[1].allSatisfy({ $0.isASCII && $0.isNumber }), let milliseconds = UInt32(words[1])
        else { return nil }
        return (String(words[0]), Double(milliseconds) / 1000)
    }

    /// A line for each part with its seconds, its share of the whole in per cent and a bar, and one for the whole. Empty when
    /// there is no part.
    public var picture: [String] {
        guard let most = parts.map(\.seconds).max() else { return [] }
        let sum = parts.reduce(0) { $0 + $1.seconds }
        let width = (parts + [("in all", sum)]).map(\.name.count).max() ?? 0
        let lines = parts.map { part in
            let bar = most > 0 ? Int((part.seconds / most * TimeSpent.longest).rounded()) : 0
            let share = sum > 0 ? part.seconds / sum * 100 : 0
            return row(part, width, share) + (bar > 0 ? "  " + String(repeating: "#", count: bar) : "")
        }
        return lines + [row(("in all", sum), width, sum > 0 ? 100 : 0)]
    }

    private func row(_ part: (name: String, seconds: Double), _ width: Int, _ share: Double) -> String {
        part.name.filled(width) + "  " + part.seconds.printed("%.1f").filled(-7) + " s"
            + share.printed("%.0f").filled(-5) + " %"
    }
}

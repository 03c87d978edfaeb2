/// Which functions of a program a benchmark's instructions are spent in, per sample.
public struct Profile: Sendable {
    public struct Row: Equatable, Sendable {
        public let function: String
        public let instructions: Double
    }

    /// From the most to the least.
    public let rows: [Row]

    /// - Parameters:
    ///   - symbols: lines `ADDRESS KIND NAME`, as `nm` prints them; those of kind T and t are functions.
    ///   - counts: `samples COUNT`, and lines `ADDRESS COUNT`, as `tools/profile/count.c` writes them.
    ///
    /// Throws `missing` when nothing was counted.
    public init(symbols: String, counts: String) throws(BenchmarkError) {
        let functions = Profile.functions(symbols)
        var samples = 0.0
        var totals: [String: Double] = [:]
        for line in counts.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            guard words.count == 2, let count = Double(words[1]) else { continue }
            if words[0] == "samples" {
                samples = count
            } else if let address = UInt64(words[0], radix: 16) {
                let name = functions.last { $0.address <= address }?.name ?? "(outside the manager)"
                totals[name, default: 0] += count
            }
        }
        guard samples > 0, !totals.isEmpty else { throw .missing("profile") }
        rows = totals.map { Row(function: $0.key, instructions: $0.value / samples) }.sorted {
            ($1.instructions, $0.function) < ($0.instructions, $1.function)
        }
    }

    private static func functions(_ symbols: String) -> [(address: UInt64, name: String)] {
        symbols.split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count == 3, ["T", "t"].contains(words[1]), let address = UInt64(words[0], radix: 16)
            else { return nil }
            return (address, String(words[2]))
        }.sorted { $0.address < $1.address }
    }

    /// An object a line.
    public var json: [String] {
        rows.map { row in
            let name = row.function.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            return "{\"function\": \"\(name)\", \"instructions\": \(row.instructions.printed("%.1f"))}"
        }
    }

    /// For a person, with the sum below.
    public var text: [String] {
        let sum = Row(function: "in all", instructions: rows.reduce(0) { $0 + $1.instructions })
        return (rows + [sum]).map {
            $0.instructions.printed("%.1f").filled(-10) + "  " + $0.function
        }
    }
}

internal import Appraisal

/// One step from the ROM to the workload, with what vouches for it.
struct ChainLink {
    /// What must be there against what is, each with where it is from; nothing is judged here that the appraisal did not.
    struct Value {
        /// The check that compared them; empty for an event of the log.
        let title: String
        let expected: String
        let expectedSource: String
        let found: String
        let foundSource: String
        let status: Check.Status
    }

    let title: String
    /// The name that evidence or reference values give it; empty where the title says all.
    let name: String
    let meaning: String
    /// A digest for the drawing.
    let digest: [UInt8]
    let values: [Value]

    var status: Check.Status { .worst(values.map(\.status)) }
}

extension ChainLink.Value {
    init(_ check: Check) {
        self.init(
            title: check.identifier.rawValue, expected: check.expected, expectedSource: check.expectedSource,
            found: check.found, foundSource: check.foundSource, status: check.status)
    }

    /// The facts of a list, shorter where both are the same.
    func facts(_ page: VerdictPage) -> [HTML] {
        if status == .skipped { return [page.fact("Not checked", .text("Pass \(expectedSource)."))] }
        if expected == found {
            return [
                page.fact("Value", .quoted(found)),
                page.fact("Expected by", .text(expectedSource)),
                page.fact("Found in", .text(foundSource)),
            ]
        }
        return [
            page.fact("Expected", .quoted(expected)), page.fact("Expected by", .text(expectedSource)),
            page.fact("Found", .quoted(found)), page.fact("Found in", .text(foundSource)),
        ]
    }
}

internal import Appraisal
internal import Diagnostics
internal import SICEABI

/// Every check with its meaning, and what to do where it did not pass.
extension VerdictPage {
    var checkSection: HTML {
        Tag.section(.labelled(by: .checks)) {
            Tag.h2(.id(.checks)) { "Checks" }
            Tag.p {
                "All of them are made, also after one failed. One that fails refuses the machine; one that was not made affirms "
                    + "nothing."
            }
            PageTable(
                caption: "Checks of this appraisal", columns: ["Check", "Result", "Meaning"],
                rows: verdict.checks.map(row)
            ).html
        }
    }

    private func row(_ check: Check) -> PageTable.Row {
        PageTable.Row(
            anchor: .check(check.identifier), look: check.status.look,
            head: [Tag.code { check.identifier.rawValue }],
            cells: [
                [Tag.strong { check.status.words }],
                [Tag.p { check.identifier.meaning }] + outcome(check),
            ])
    }

    private func outcome(_ check: Check) -> [HTML] {
        switch check.status {
        case .pass: return [Tag.p { "Known now: \(check.statement)." }]
        case .skipped: return [Tag.p { "Not known: \(check.identifier.statement). \(check.remedy)" }]
        case .fail:
            let row = check.identifier.code
            return [
                Tag.p { Tag.strong { "\(row.name): \(row.description.summary)" } },
                Tag.dl(.look(.facts)) { ChainLink.Value(check).facts(self) },
                Tag.p { check.remedy },
            ]
        }
    }
}

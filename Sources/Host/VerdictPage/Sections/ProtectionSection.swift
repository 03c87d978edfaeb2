internal import Appraisal
internal import ReportFormat
internal import SICEABI

/// What the machine says of its own protections, and what the absence of each costs.
extension VerdictPage {
    var protectionSection: HTML {
        Tag.section(.labelled(by: .protections)) {
            Tag.h2(.id(.protections)) { "Protections" }
            Tag.p {
                "When it starts, the security manager looks for each of these, and reports what it found; it assumes none. "
                HTML.quoted(expectations.policy.name)
                " is the policy that says which of them there must be."
            }
            PageTable(
                caption: "Protections of this machine",
                columns: ["Protection", "This machine", "Policy", "What its absence costs"],
                rows: PostureClaim.all.map(row)
            ).html
        }
    }

    private func row(_ claim: PostureClaim) -> PageTable.Row {
        let isPresent = claims.posture[claim] == .present
        let look: Attribute.Look = isPresent ? .pass : isAccepted(claim) ? .skipped : .fail
        return PageTable.Row(
            anchor: .claim(claim), look: look,
            head: [Tag.code { claim.name }, .text(" "), Tag.span { claim.meaning }],
            cells: [
                [Tag.strong { words(claim) }], [.text(expectations.policy.demand(of: claim))],
                [.text(claim.costOfAbsence)],
            ])
    }

    private func words(_ claim: PostureClaim) -> String {
        let value = claims.posture[claim]
        if value == .present { return "✓ present" }
        let name = value?.name ?? "not reported"
        return isAccepted(claim) ? "– \(name), tolerated" : "✗ \(name), REFUSED"
    }
}

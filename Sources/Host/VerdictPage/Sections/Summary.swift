internal import Appraisal
internal import Evidence
internal import ReportFormat
internal import SICEABI
internal import StrictJSON

/// The verdict, what it is about, and where people sign.
extension VerdictPage {
    var title: String { "Verdict: \(verdict.outcome.words)" }

    var summary: HTML {
        Tag.header(.look(verdict.outcome.look)) {
            Tag.h1(.id(.verdict)) { title }
            Tag.p { meaning }
            unanswered
            missingProtections
            Tag.dl(.look(.facts)) { subject }
            Tag.dl(.look(.signature)) {
                for line in ["Name", "Date", "Signature"] { fact(line, .text("")) }
            }
        }
    }

    private var meaning: String {
        switch verdict.outcome {
        case .affirmed:
            "Every check passed: the machine runs what it should, and says so itself, now. The policy says which "
                + "protections that required."
        case .refused:
            "At least one check failed. Do not rely on this machine, whatever else this page says: what a refused machine "
                + "reports about itself may be false."
        case .notAppraised:
            "No check failed, but not every check could be made. This affirms nothing."
        }
    }

    /// Checks that did not pass, each with the way to its row.
    private var unanswered: [HTML] {
        let checks = verdict.checks.filter { $0.status != .pass }
        guard !checks.isEmpty else { return [] }
        return [
            Tag.ul {
                for check in checks {
                    Tag.li {
                        Tag.a(.link(to: .check(check.identifier))) { check.identifier.rawValue }
                        ": \(check.status.words)"
                    }
                }
            }
        ]
    }

    /// What an affirmed machine lacks all the same must not stand at the page's end only.
    private var missingProtections: [HTML] {
        let policy = expectations.policy
        let lacking = PostureClaim.all.filter { claims.posture[$0] != .present && isAccepted($0) }
        guard !lacking.isEmpty else { return [] }
        return [
            Tag.p {
                "The policy "
                HTML.quoted(policy.name)
                " does without protections that this machine is not known to have: "
                for (index, claim) in lacking.enumerated() {
                    if index > 0 { ", " }
                    Tag.a(.link(to: .claim(claim))) { claim.name }
                }
                ". The section on protections says what that costs."
            }
        ]
    }

    private var subject: [HTML] {
        [
            fact("Image", .quoted(claims.imageName)),
            fact("Environment", .text("\(claims.environment)")),
            fact("State", .text("\(claims.state.name), \(claims.mode.name) mode")),
            fact("Measurement", .quoted(Hex.encode(claims.measurement))),
            fact("Security manager", .quoted(claims.managerVersion)),
            fact("Workload's data", .quoted(Hex.encode(claims.workloadData))),
            fact("Boot", .quoted(Hex.encode(claims.bootIdentifier))),
            fact("Challenge", challenge),
            fact("Policy", .quoted(expectations.policy.name)),
        ]
    }

    private var challenge: HTML {
        expectations.nonce.map { .quoted(Hex.encode($0)) } ?? .text("none was given")
    }

    var claims: ReportClaims { evidence.report.claims }

    func isAccepted(_ claim: PostureClaim) -> Bool {
        expectations.policy.accepts(claim, claims.posture[claim])
    }

    /// A row of a list of facts.
    func fact(_ title: String, _ value: HTML) -> HTML {
        Tag.div {
            Tag.dt { title }
            Tag.dd { [value] }
        }
    }
}

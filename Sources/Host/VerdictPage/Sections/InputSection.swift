internal import Appraisal
internal import EvidenceFormat
internal import StrictJSON

/// Where everything is from that the appraisal went by.
extension VerdictPage {
    var inputSection: HTML {
        Tag.section(.labelled(by: .inputs)) {
            Tag.h2(.id(.inputs)) { "What was compared" }
            Tag.p {
                "Evidence is the machine's word. All else is what the verifier knew beforehand; a verdict is worth what these "
                    + "are."
            }
            if !inputs.isEmpty {
                PageTable(
                    caption: "Inputs of this appraisal", columns: ["Input", "From"],
                    rows: inputs.map {
                        PageTable.Row(
                            anchor: nil, look: nil, head: [.text($0.title)], cells: [[.quoted($0.origin)]])
                    }
                ).html
            }
            if let enrollment = expectations.enrollment {
                Tag.dl(.look(.facts)) {
                    fact(
                        "Enrolled endorsement certificate (SHA-256)",
                        .quoted(Hex.encode(enrollment.certificateDigest)))
                }
            }
        }
    }
}

import Appraisal
import Evidence
import EvidenceForge
import EvidenceFormat
import Reference
import StrictJSON

/// Everything that `verify` needs, in files.
enum EvidenceFiles {
    static let verify = [
        "verify", "--evidence", "evidence.json", "--reference", "reference.json", "--enrollment",
        "enrollment.json", "--challenge", "challenge.json",
    ]

    static func prepare(
        _ workplace: Workplace, _ forge: Forge = Forge(), _ change: (inout EvidenceBundle) -> Void = { _ in }
    ) throws {
        var bundle = forge.bundle()
        change(&bundle)
        try workplace.write(bundle.json.text.utf8, to: "evidence.json")
        try workplace.write(forge.reference.json.text.utf8, to: "reference.json")
        try workplace.write(forge.expectations.enrollment!.json.text.utf8, to: "enrollment.json")
        let challenge = JSON.object([
            "schema": .string("sice.challenge/1"), "nonce": .string(Hex.encode(forge.nonce)),
        ])
        try workplace.write(challenge.text.utf8, to: "challenge.json")
    }
}

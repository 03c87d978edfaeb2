internal import Evidence
internal import EvidenceFormat
internal import ReportFormat
internal import SICEABI
internal import StrictJSON

/// Bundles with parts missing and parts that nobody asked for. They get no verdict at all.
extension EvidenceRedTeam {
    static let documents = [
        document("E45", "part stripped", success: "what is missing is not asked for", .evidenceMissingPart) {
            $0.filter { $0.key != "quote_signature" }
        },
        document(
            "E46", "policy smuggled in the bundle", success: "the target chooses what is demanded of it",
            .evidenceUnreadable
        ) {
            $0 + [JSON.Member("policy", .object(["name": .string("weak"), "required": .array([])]))]
        },
        document(
            "E47", "the same part twice", success: "one reader checks the first, another uses the second",
            .evidenceUnreadable
        ) { members in members + members.filter { $0.key == "report" } },
        EvidenceAttack(
            "E48", "claim that nobody knows", threat: "T17",
            success: "a claim that changes the meaning of others is passed over",
            wall: .parser(.evidenceUnknownClaim)
        ) { scene throws(Unavailable) in
            var bundle = scene.honest
            // The key of the last claim, and the one behind it.
            bundle.report = try scene.replace(
                ReportPatch.key(.bootCounter), by: ReportPatch.key(-70999), in: bundle.report)
            return Attempt(bundle, scene.expectations)
        },
        EvidenceAttack(
            "E49", "entry taken out of the run-time log", threat: "T16",
            success: "a refused attack is kept quiet", wall: .parser(.evidenceMalformedRuntimeLog)
        ) { scene throws(Unavailable) in
            var log = try RuntimeLogEditor(scene.honest)
            log.entries.remove(at: 1)
            var bundle = scene.honest
            bundle.runtimeLog = log.entries.flatMap { $0 }
            return Attempt(bundle, scene.expectations)
        },
    ]

    private static func document(
        _ number: String, _ name: String, success: String, _ code: ErrorCode,
        _ change: @escaping @Sendable ([JSON.Member]) -> [JSON.Member]
    ) -> EvidenceAttack {
        EvidenceAttack(number, name, threat: "T17", success: success, wall: .parser(code)) {
            scene throws(Unavailable) in
            guard case .object(let members) = scene.honest.json else {
                throw Unavailable(reason: "the bundle is no object")
            }
            return Attempt(document: .object(change(members)), scene.expectations)
        }
    }
}

internal import Appraisal
internal import Diagnostics
internal import Evidence
internal import EvidenceFormat
internal import OpenSSLCrypto
internal import Reference
internal import ReportFormat
internal import SICEABI

/// Reports that say too little, and reports that were made to say more.
extension EvidenceRedTeam {
    static let reports = [
        EvidenceAttack(
            "E29", "debug image passed as release", threat: "T13",
            success: "an environment that others may look into is affirmed", wall: .checks([.debug])
        ) { scene throws(Unavailable) in
            let bundle = try scene.need(scene.debugImage, "a debug image")
            return Attempt(bundle, try accepting(bundle, scene))
        },
        EvidenceAttack(
            "E30", "debug claim rewritten", threat: "T13",
            success: "a report passes whose claims were changed after it was signed",
            wall: .checks([.reportSignature])
        ) { scene throws(Unavailable) in
            let bundle = try scene.need(scene.debugImage, "a debug image")
            let forged = try rewrite(
                bundle, ReportPatch.debugStatus(true), by: ReportPatch.debugStatus(false), scene)
            return Attempt(forged, try accepting(bundle, scene))
        },
        EvidenceAttack(
            "E31", "image that nobody expects", threat: "T13",
            success: "a program of the attacker's own is affirmed", wall: .checks([.measurement])
        ) { scene throws(Unavailable) in
            var expectations = scene.expectations
            expectations.measurements = [SHA256.hash(Array("expected image".utf8))]
            return Attempt(scene.honest, expectations)
        },
        EvidenceAttack(
            "E32", "measurement rewritten", threat: "T13",
            success: "a program of the attacker's own goes under the expected measurement",
            wall: .checks([.reportSignature])
        ) { scene throws(Unavailable) in
            var expectations = scene.expectations
            let expected = SHA256.hash(Array("expected image".utf8))
            expectations.measurements = [expected]
            let found = try claims(scene.honest, scene).measurement
            return Attempt(try rewrite(scene.honest, found, by: expected, scene), expectations)
        },
        EvidenceAttack(
            "E33", "machine without a demanded protection", threat: "T14",
            success: "an unprotected machine is affirmed", wall: .checks([.posture])
        ) { scene throws(Unavailable) in
            Attempt(scene.honest, try demanding(missing(scene), scene))
        },
        EvidenceAttack(
            "E34", "absent protection rewritten as present", threat: "T14",
            success: "an unprotected machine says that it is protected", wall: .checks([.reportSignature])
        ) { scene throws(Unavailable) in
            let claim = try missing(scene)
            var posture = try claims(scene.honest, scene).posture
            let old = ReportPatch.posture(posture)
            posture[claim] = .present
            let forged = try rewrite(scene.honest, old, by: ReportPatch.posture(posture), scene)
            return Attempt(forged, demanding(claim, scene))
        },
        EvidenceAttack(
            "E35", "environment that is in another state", threat: "T14",
            success: "an environment that is over, or not yet sealed, is affirmed", wall: .checks([.state])
        ) { scene throws(Unavailable) in
            var expectations = scene.expectations
            expectations.policy.states.remove(try claims(scene.honest, scene).state)
            return Attempt(scene.honest, expectations)
        },
        EvidenceAttack(
            "E36", "report of a manager that nobody expects", threat: "T15",
            success: "a changed security manager is affirmed", wall: .checks([.managerDigest])
        ) { scene throws(Unavailable) in
            var expectations = scene.expectations
            expectations.reference?.managerDigest = SHA256.hash(Array("expected manager".utf8))
            return Attempt(scene.honest, expectations)
        },
    ]

    static func claims(_ bundle: EvidenceBundle, _ scene: EvidenceScene) throws(Unavailable) -> ReportClaims {
        try scene.parse { () throws(ToolError) in try SignedReport(bundle.report).claims }
    }

    /// A verifier who takes what the bundle runs, so that only other checks can refuse it.
    private static func accepting(
        _ bundle: EvidenceBundle, _ scene: EvidenceScene
    ) throws(Unavailable) -> Expectations {
        var expectations = scene.expectations
        expectations.measurements = [try claims(bundle, scene).measurement]
        expectations.workloadKey = nil
        return expectations
    }

    private static func missing(_ scene: EvidenceScene) throws(Unavailable) -> PostureClaim {
        let posture = try claims(scene.honest, scene).posture
        guard let claim = PostureClaim.all.first(where: { posture[$0] == .absent }) else {
            throw Unavailable(reason: "the machine lacks no protection")
        }
        return claim
    }

    private static func demanding(_ claim: PostureClaim, _ scene: EvidenceScene) -> Expectations {
        var expectations = scene.expectations
        expectations.policy.required.insert(claim)
        return expectations
    }

    /// Changes bytes of a report and has the TPM quote the result; the signature stays what it was.
    private static func rewrite(
        _ bundle: EvidenceBundle, _ old: [UInt8], by new: [UInt8], _ scene: EvidenceScene
    ) throws(Unavailable) -> EvidenceBundle {
        var forged = bundle
        forged.report = try scene.replace(old, by: new, in: bundle.report)
        return try scene.requote(forged)
    }
}

internal import Appraisal
internal import Evidence
internal import EvidenceFormat
internal import OpenSSLCrypto
internal import ReportFormat
internal import SICEABI

/// Evidence of another time, another boot, another machine.
extension EvidenceRedTeam {
    static let replays = [
        EvidenceAttack(
            "E01", "old evidence under a new challenge", threat: "T14",
            success: "evidence that was recorded once is affirmed for ever",
            wall: .checks([.nonce, .quoteBinding])
        ) { scene throws(Unavailable) in
            var expectations = scene.expectations
            expectations.nonce = SHA256.hash(scene.honest.nonce)
            return Attempt(scene.honest, expectations)
        },
        EvidenceAttack(
            "E02", "old evidence that names the new challenge", threat: "T14",
            success: "the bundle's own word about its challenge is believed",
            wall: .checks([.nonce, .quoteBinding])
        ) { scene throws(Unavailable) in
            var (bundle, expectations) = (scene.honest, scene.expectations)
            bundle.nonce = SHA256.hash(scene.honest.nonce)
            expectations.nonce = bundle.nonce
            return Attempt(bundle, expectations)
        },
        EvidenceAttack(
            "E03", "old report in a fresh quote", threat: "T14",
            success: "what an environment was once stands for what it is now", wall: .checks([.nonce])
        ) { scene throws(Unavailable) in
            let old = try earlier(scene)
            var bundle = scene.honest
            (bundle.report, bundle.runtimeLog) = (old.report, old.runtimeLog)
            bundle.runtimeLogBase = old.runtimeLogBase
            return Attempt(try scene.requote(bundle), scene.expectations)
        },
        EvidenceAttack(
            "E04", "fresh report with an old quote", threat: "T14",
            success: "PCRs of an earlier time stand for those of now", wall: .checks([.quoteBinding])
        ) { scene throws(Unavailable) in
            let old = try earlier(scene)
            var bundle = scene.honest
            (bundle.quote, bundle.quoteSignature) = (old.quote, old.quoteSignature)
            return Attempt(bundle, scene.expectations)
        },
    ]

    private static func earlier(_ scene: EvidenceScene) throws(Unavailable) -> EvidenceBundle {
        guard let earlier = scene.earlier, earlier.nonce != scene.honest.nonce else {
            throw Unavailable(reason: "no evidence of an earlier challenge")
        }
        return earlier
    }

    static let mixtures = [
        EvidenceAttack(
            "E05", "report of another boot", threat: "T14",
            success: "an environment of a boot that is over is affirmed by the quote of this one",
            wall: .checks([.quoteBinding, .reportKey, .referenceValues])
        ) { scene throws(Unavailable) in
            let other = try scene.need(scene.otherBoot, "another boot")
            var bundle = other
            (bundle.quote, bundle.quoteSignature) = (scene.honest.quote, scene.honest.quoteSignature)
            (bundle.pcrs, bundle.eventLog) = (scene.honest.pcrs, scene.honest.eventLog)
            return Attempt(bundle, scene.expectations)
        },
        EvidenceAttack(
            "E06", "report of another boot, quoted anew", threat: "T15",
            success: "root of this boot vouches for an environment of another one",
            wall: .checks([.reportKey, .referenceValues])
        ) { scene throws(Unavailable) in
            var bundle = try scene.need(scene.otherBoot, "another boot")
            (bundle.pcrs, bundle.eventLog) = (scene.honest.pcrs, scene.honest.eventLog)
            return Attempt(try scene.requote(bundle), scene.expectations)
        },
        EvidenceAttack(
            "E07", "event log of another boot", threat: "T16",
            success: "the log that explains the PCRs is not the one of this boot",
            wall: .checks([.logReplay, .reportKey, .referenceValues])
        ) { scene throws(Unavailable) in
            var bundle = scene.honest
            bundle.eventLog = try scene.need(scene.otherBoot, "another boot").eventLog
            return Attempt(bundle, scene.expectations)
        },
        EvidenceAttack(
            "E08", "evidence of another machine", threat: "T18",
            success: "a machine that was never enrolled answers for one that was",
            wall: .checks([.attestationKey, .quoteSignature])
        ) { scene throws(Unavailable) in
            Attempt(try scene.need(scene.otherMachine, "another machine"), scene.expectations)
        },
        EvidenceAttack(
            "E09", "evidence of another machine that names the enrolled key", threat: "T18",
            success: "a foreign TPM's quote passes under the enrolled key's name",
            wall: .checks([.quoteSignature])
        ) { scene throws(Unavailable) in
            var bundle = try scene.need(scene.otherMachine, "another machine")
            bundle.attestationKey = scene.honest.attestationKey
            return Attempt(bundle, scene.expectations)
        },
    ]
}

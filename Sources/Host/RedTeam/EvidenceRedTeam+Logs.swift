internal import Appraisal
internal import Evidence
internal import EvidenceFormat
internal import OpenSSLCrypto
internal import SICEABI

/// Boot event logs that tell another story, and PCRs that root extended.
extension EvidenceRedTeam {
    static let bootLogs = [
        edit(
            "E16", "event stripped from the log", success: "a program that was measured is kept quiet",
            wall: [.logReplay, .referenceValues]
        ) { $0.events.removeLast() },
        edit(
            "E17", "log cut after its first event", success: "what came later is kept quiet",
            wall: [.logReplay, .reportKey, .referenceValues]
        ) { $0.events.removeSubrange(1...) },
        edit(
            "E18", "event added to the log", success: "the log lists what was never measured",
            wall: [.logReplay, .referenceValues]
        ) { $0.events.append(LogEditor.foreign) },
        edit(
            "E19", "events of two PCRs reordered", success: "the order of programs is not the true one",
            wall: [.referenceValues]
        ) { log in
            let last = log.events.count - 1
            guard let other = log.events.lastIndex(where: { $0.pcr != log.events[last].pcr }) else { return }
            log.events.insert(log.events.remove(at: last), at: other)
        },
        edit(
            "E20", "event retyped as one without effect", success: "a careless replay passes over a program",
            wall: [.referenceValues]
        ) { $0.events[$0.events.count - 1].type = 3 },  // EV_NO_ACTION
        edit(
            "E21", "event renamed", success: "a digest goes under another program's name",
            wall: [.referenceValues]
        ) { log in
            guard let index = log.events.lastIndex(where: { !$0.data.isEmpty }) else { return }
            log.events[index].data[0] ^= 1
        },
        edit(
            "E22", "event hidden in a PCR that is not quoted",
            success: "an event is seen that no quote covers",
            wall: [.logReplay, .referenceValues]
        ) { log in
            var hidden = LogEditor.foreign
            hidden.pcr = 7
            log.events.append(hidden)
        },
        EvidenceAttack(
            "E23", "log and PCR values rebased", threat: "T16",
            success: "values that the attacker computed pass for the TPM's",
            wall: .checks([.pcrDigest, .referenceValues])
        ) { scene throws(Unavailable) in
            var log = try LogEditor(scene)
            log.events.removeLast()
            var bundle = scene.honest
            (bundle.eventLog, bundle.pcrs) = (try log.bytes, log.pcrs)
            return Attempt(bundle, scene.expectations)
        },
    ]

    private static func edit(
        _ number: String, _ name: String, success: String, wall: Set<Check.Identifier>,
        _ change: @escaping @Sendable (inout LogEditor) -> Void
    ) -> EvidenceAttack {
        EvidenceAttack(number, name, threat: "T16", success: success, wall: .checks(wall)) {
            scene throws(Unavailable) in
            var log = try LogEditor(scene)
            change(&log)
            var bundle = scene.honest
            bundle.eventLog = try log.bytes
            guard bundle.eventLog != scene.honest.eventLog else {
                throw Unavailable(reason: "the event log offers nothing to change")
            }
            return Attempt(bundle, scene.expectations)
        }
    }

    static let registers = [
        EvidenceAttack(
            "E24", "PCR that root extended without a word", threat: "T16",
            success: "something was measured that the log does not explain", wall: .checks([.logReplay])
        ) { scene throws(Unavailable) in
            var bundle = scene.honest
            bundle.pcrs[2] = SHA256.extend(bundle.pcrs[2], with: LogEditor.foreign.digest)
            let forged = try scene.requote(bundle, after: [LogEditor.foreign.step])
            return Attempt(forged, scene.expectations)
        },
        EvidenceAttack(
            "E25", "PCR that root extended, with its event", threat: "T16",
            success: "a program that nobody expects ran before the evidence was made",
            wall: .checks([.referenceValues])
        ) { scene throws(Unavailable) in
            var log = try LogEditor(scene)
            log.events.append(LogEditor.foreign)
            var bundle = scene.honest
            (bundle.eventLog, bundle.pcrs) = (try log.bytes, log.pcrs)
            let forged = try scene.requote(bundle, after: [LogEditor.foreign.step])
            return Attempt(forged, scene.expectations)
        },
        EvidenceAttack(
            "E26", "quote of another PCR selection", threat: "T16",
            success: "PCRs are believed that the quote does not cover", wall: .checks([.pcrDigest])
        ) { scene throws(Unavailable) in
            // PCRs 0, 2 and 4: the report key's register is left out.
            let bundle = try scene.requote(
                scene.honest, pcrs: Array(scene.honest.pcrs.prefix(3)), selection: [0b0001_0101, 0, 0])
            return Attempt(bundle, scene.expectations)
        },
        EvidenceAttack(
            "E27", "quote of PCRs with the same digest under other numbers", threat: "T16",
            success: "root's own PCRs pass for those of the boot", wall: .checks([.pcrDigest])
        ) { scene throws(Unavailable) in
            // PCRs 16 and 23 can be reset by anyone, and extended as the boot extended others.
            let log = try LogEditor(scene)
            let bundle = try scene.requote(
                scene.honest, selection: [0b0000_0101, 0, 0b1000_0001],
                after: log.copying(4, to: 16) + log.copying(5, to: 23))
            return Attempt(bundle, scene.expectations)
        },
        EvidenceAttack(
            "E28", "another structure of the TPM in the place of a quote", threat: "T14",
            success: "a certificate about a key passes for one about PCRs",
            wall: .checks([.quoteOrigin, .quoteBinding, .pcrDigest])
        ) { scene throws(Unavailable) in
            guard let sign = scene.signAsRoot else {
                throw Unavailable(
                    reason: scene.quoteAsRoot == nil
                        ? "nobody is root of the machine" : "root has the TPM sign nothing but quotes")
            }
            var bundle = scene.honest
            bundle.quote[5] = 0x17  // TPM_ST_ATTEST_CERTIFY
            bundle.quoteSignature = sign(bundle.quote)
            return Attempt(bundle, scene.expectations)
        },
    ]
}

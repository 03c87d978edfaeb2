import Exploration
import LocalChannel
import Testing

/// All that a host can do to two programs that shake hands twice, in small; and that the model finds a
/// protocol that lacks anything.
@Suite struct RelayModelTests {
    enum Case: CaseIterable {
        /// The same initiator twice, the same responder twice.
        case twice
        /// Each program begins once and answers once.
        case bothWays
        /// Two channels for different things, with the same keys.
        case twoLabels

        var plans: [RelayModel.Plan] {
            let first = Programs.parties()
            let second =
                switch self {
                case .twice: first
                case .bothWays: Programs.parties(0xB, 0xA)
                case .twoLabels: Programs.parties(label: 8)
                }
            return [
                .init(role: .initiator, parties: first, nonce: 1),
                .init(role: .initiator, parties: second, nonce: 2),
                .init(role: .responder, parties: first, nonce: 3),
                .init(role: .responder, parties: second, nonce: 4),
            ]
        }
    }

    @Test(arguments: Case.allCases) func openEnds_agree(_ one: Case) {
        var model = RelayModel(one.plans)
        let found = model.explore(limit: 20_000)
        #expect(found.counterexample == nil, "\(found)")
        // Not for want of handshakes that end well.
        #expect(model.mostOpen == 4 && found.states > 100, "\(found)")
    }

    /// Each part of the transcript is there for an attack.
    @Test(arguments: [
        (ForgetfulCipher.Part.role, Case.twice, 2), (.initiatorsNonce, .twice, 3),
        (.respondersNonce, .twice, 3), (.direction, .bothWays, 3), (.label, .twoLabels, 3),
    ])
    func model_findsTheAttackOnAProtocolThatForgets(_ part: ForgetfulCipher.Part, _ one: Case, _ steps: Int) {
        var model = RelayModel(one.plans, forgets: part)
        let found = model.explore(limit: 20_000)
        #expect(found.counterexample?.violation.property == "agreement", "\(found)")
        #expect(found.counterexample?.actions.count == steps, "\(found)")
    }
}

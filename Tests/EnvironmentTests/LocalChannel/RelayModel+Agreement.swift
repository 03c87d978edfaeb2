import Exploration
import LocalChannel
import SICEABI

/// What an end may believe when it is open.
extension RelayModel {
    /// There is exactly one end of the other role that means the same by "we": names, label, nonces. A
    /// responder's has proven itself and is open; then both have the same keys. No second end of its own role
    /// believes the same.
    func judge(_ state: [Int], _ index: Int) -> Violation? {
        let end = nodes[state[index]]
        guard end.isOpen else { return nil }
        let alike = state.map { nodes[$0] }.filter {
            $0.plan != end.plan && $0.nonces == end.nonces
                && plans[$0.plan].parties == plans[end.plan].parties
        }
        let partners = alike.filter { plans[$0.plan].role != plans[end.plan].role }
        guard partners.count == 1, let partner = partners.first else {
            return Violation("agreement", "end \(index) is open to \(partners.count) others")
        }
        guard alike.count == 1 else { return Violation("uniqueness", "end \(index) is not alone") }
        if plans[end.plan].role == .responder, !partner.isOpen {
            return Violation("agreement", "end \(index) is open, and its initiator is not")
        }
        guard !partner.isOpen || haveTheSameKeys(end, partner) else {
            return Violation("keys", "end \(index) and its partner have different keys")
        }
        return nil
    }

    private func haveTheSameKeys(_ one: Node, _ other: Node) -> Bool {
        do throws(ErrorCode) {
            let (first, second) = try (replay(one).0, replay(other).0)
            let there = try second.open(first.seal([1, 2, 3]))
            let back = try first.open(second.seal([4, 5], isLast: true))
            return there == [1, 2, 3] && back == [4, 5] && first.isComplete
        } catch {
            return false
        }
    }
}

import Exploration
import LocalChannel
import SICEABI

/// Four honest ends, and a host that sends each of them, in any order, any message made of anything that it
/// ever saw: 32 bytes of a message are nonce or proof as it likes. What an end refuses leaves it as it was,
/// which gives the host more tries than it has.
struct RelayModel: Explorable {
    struct Plan {
        let role: ChannelRole
        let parties: ChannelParties
        let nonce: UInt8
    }

    /// Its fields are numbers in ``blocks``.
    enum Message: Hashable {
        case start
        case hello(Int)
        case answer(Int, Int)
        case finish(Int)
    }

    struct Action: Hashable, CustomStringConvertible {
        let end: Int
        let node: Int
        let message: Message
        var description: String { "end \(end) gets \(message)" }
    }

    /// An end, after what it took.
    struct Node {
        let plan: Int
        var taken: [Message] = []
        /// What it said; what it takes for the nonces, the initiator's first.
        var said: [Int] = []
        var nonces: [Int] = []
        var isOpen = false
    }

    let plans: [Plan]
    let forgets: ForgetfulCipher.Part?
    private var blocks: [[UInt8]] = [[UInt8](repeating: 0xEE, count: 32)]
    private(set) var nodes: [Node]
    private var next: [Action: Int?] = [:]
    /// Ends that were open at once.
    private(set) var mostOpen = 0

    init(_ plans: [Plan], forgets: ForgetfulCipher.Part? = nil) {
        (self.plans, self.forgets) = (plans, forgets)
        nodes = plans.indices.map { Node(plan: $0) }
    }

    func start() -> [Int] { Array(plans.indices) }
    func key(of state: [Int]) -> [Int] { state }

    func actions(in state: [Int]) -> [Action] {
        let known = Set(state.flatMap { nodes[$0].said } + [0]).sorted()
        return state.enumerated().flatMap { end, node in
            messages(to: nodes[node], known).map { Action(end: end, node: node, message: $0) }
        }
    }

    private func messages(to node: Node, _ known: [Int]) -> [Message] {
        switch (plans[node.plan].role, node.taken.count) {
        case (.initiator, 0): [.start]
        case (.initiator, 1): known.flatMap { nonce in known.map { .answer(nonce, $0) } }
        case (.responder, 0): known.map { .hello($0) }
        case (.responder, 1): known.map { .finish($0) }
        default: []
        }
    }

    mutating func step(_ state: [Int], _ action: Action) -> (next: [Int], violation: Violation?) {
        if next[action] == nil { next[action] = .some(take(action)) }
        guard let node = next[action] ?? nil else { return (state, nil) }
        var reached = state
        reached[action.end] = node
        mostOpen = max(mostOpen, reached.count { nodes[$0].isOpen })
        return (reached, judge(reached, action.end))
    }

    /// The number of the end after it took the message; nil when it refuses.
    private mutating func take(_ action: Action) -> Int? {
        var node = nodes[action.node]
        node.taken.append(action.message)
        guard let (end, said) = try? replay(node) else { return nil }
        let first = node.said.count
        for start in stride(from: 16, to: said.count, by: 32) {
            node.said.append(number(of: Array(said[start..<start + 32])))
        }
        switch action.message {
        case .hello(let nonce): node.nonces = [nonce, node.said[first]]
        case .answer(let nonce, _): node.nonces = [node.said[0], nonce]
        default: break
        }
        node.isOpen = end.isOpen
        nodes.append(node)
        return nodes.count - 1
    }

    private mutating func number(of block: [UInt8]) -> Int {
        if let index = blocks.firstIndex(of: block) { return index }
        blocks.append(block)
        return blocks.count - 1
    }

    /// A new end that takes the same; it, and what it said last.
    func replay(_ node: Node) throws(ErrorCode) -> (ChannelEnd, said: [UInt8]) {
        let plan = plans[node.plan]
        let end = try ChannelEnd(plan.role, plan.parties, nonce: plan.nonce, forgets: forgets)
        var said: [UInt8] = []
        for message in node.taken {
            switch message {
            case .start: said = try end.hello()
            case .hello(let nonce): said = try end.answer(ChannelHello(nonce: block(nonce)).encoded.array)
            case .answer(let nonce, let proof):
                let answer = ChannelAnswer(nonce: block(nonce), proof: block(proof))
                said = try end.finish(answer.encoded.array)
            case .finish(let proof):
                try end.accept(ChannelFinish(proof: block(proof)).encoded.array)
                said = []
            }
        }
        return (end, said)
    }

    private func block(_ number: Int) -> InlineArray<32, UInt8> { InlineArray { blocks[number][$0] } }
}

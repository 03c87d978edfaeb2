extension Explorable {
    /// Visits every state breadth first, each once, and stops at the first transition that breaks a property. More than
    /// `limit` states end the process: bounds that were meant to be small are not.
    public mutating func explore(limit: Int) -> Exploration<Action> {
        var result = Exploration<Action>()
        let first = start()
        var visited: Set<Key> = [key(of: first)]
        var ways = Ways<Action>()
        var frontier = [(state: first, way: Int?.none)]
        while !frontier.isEmpty {
            var next: [(state: State, way: Int?)] = []
            for (state, way) in frontier {
                for action in actions(in: state) {
                    result.transitions += 1
                    let (reached, violation) = step(state, action)
                    if let violation {
                        result.states = visited.count
                        result.counterexample = Counterexample(
                            actions: ways.actions(to: way) + [action], violation: violation)
                        return result
                    }
                    guard visited.insert(key(of: reached)).inserted else { continue }
                    precondition(visited.count <= limit, "more than \(limit) states")
                    next.append((reached, ways.add(action, after: way)))
                }
            }
            result.depth += next.isEmpty ? 0 : 1
            frontier = next
        }
        result.states = visited.count
        return result
    }
}

/// How each state was reached first: the action, and the way before it.
private struct Ways<Action> {
    private var steps: [(action: Action, before: Int?)] = []

    mutating func add(_ action: Action, after way: Int?) -> Int {
        steps.append((action, way))
        return steps.count - 1
    }

    func actions(to way: Int?) -> [Action] {
        var actions: [Action] = []
        var current = way
        while let index = current {
            actions.append(steps[index].action)
            current = steps[index].before
        }
        return actions.reversed()
    }
}

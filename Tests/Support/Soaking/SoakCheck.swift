internal import Diagnostics
internal import EvidenceFormat
internal import SICEABI

extension SoakExpectation {
    /// Whether a command ended like this. An error counts with its number and its exit status.
    func isMet(by observation: SoakObservation) -> Bool {
        switch self {
        case .success: observation.status == 0
        case .identifier: observation.status == 0 && UInt32(observation.output) != nil
        case .answer(let answer): observation.status == 0 && observation.output == answer
        case .error(let code):
            observation.status == Int(code.description.exitStatus)
                && observation.output.contains("error: \(code.name):")
        }
    }
}

/// Compares what is there with a model, and with what was there before.
struct SoakCheck {
    /// All pages before the first step.
    let pages: UInt64
    /// What never changes in an environment.
    private struct Identity: Equatable {
        let name: String
        let pages: UInt64
        let measurement: [UInt8]
    }
    private var identities: [UInt32: Identity] = [:]
    /// Who was there already.
    private let bystanders: [EnvironmentListing.Entry]

    init(_ start: SoakObservation) {
        pages = start.allPages
        bystanders = start.environments
    }

    /// The first difference. When only bystanders are left, as many pages must be free as before the first step.
    mutating func problem(_ observation: SoakObservation, _ model: SoakModel) -> SoakProblem? {
        let found = observation.environments.map(\.identifier).sorted()
        let expected = (model.identifiers + bystanders.map(\.identifier)).sorted()
        guard found == expected else { return .identifiers(found, expected: expected) }
        guard observation.allPages == pages else { return .pages(observation.allPages, expected: pages) }
        identities = identities.filter { model.environments[$0.key] != nil }
        for entry in observation.environments {
            if let problem = problem(entry, model.environments[entry.identifier]) { return problem }
        }
        return nil
    }

    private mutating func problem(
        _ entry: EnvironmentListing.Entry, _ environment: SoakModel.Environment?
    ) -> SoakProblem? {
        let identifier = entry.identifier
        guard let environment else { return bystanders.contains(entry) ? nil : .bystander(identifier) }
        guard environment.states.contains(entry.state) else {
            return .state(identifier, entry.state, expected: environment.states)
        }
        guard environment.core == nil || entry.mode == .multiCore else { return .mode(identifier) }
        let known = identities[identifier]
        let identity = Identity(name: entry.name, pages: entry.pages, measurement: entry.measurement)
        identities[identifier] = identity
        guard entry.name == environment.image.rawValue, known ?? identity == identity else {
            return .changed(identifier)
        }
        return nil
    }
}

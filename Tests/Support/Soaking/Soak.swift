public import Fixtures
internal import SICEABI

/// Creates, runs, calls, moves, stops and destroys environments at random. After each command the answer, or the exact
/// error, the states and the manager's page accounting must be what they should be.
public struct Soak<Host: SoakHost> {
    public private(set) var host: Host
    public private(set) var model: SoakModel
    private var choice: SoakChoice
    private var check: SoakCheck
    private let seed: UInt64
    /// Steps so far.
    public private(set) var step = 0
    /// How often commands ended in each way.
    public private(set) var ends: [SoakExpectation: Int] = [:]

    /// Looks at the host. Who is there already is left alone. Throws ``SoakFailure``.
    ///
    /// - Parameters:
    ///   - cores: CPUs of the machine.
    ///   - mostGuests: how many Linux guests have room in its pool.
    public init(_ host: Host, _ random: SeededRandom, cores: Int, mostGuests: Int) throws(SoakFailure) {
        self.host = host
        seed = random.seed
        choice = SoakChoice(random, cores: cores)
        model = SoakModel(mostGuests: mostGuests)
        let start: SoakObservation
        do { start = try self.host.perform(nil) } catch {
            throw SoakFailure(seed: seed, step: 0, command: nil, problem: .unreadable("\(error)"))
        }
        check = SoakCheck(start)
    }

    /// Does the next thing. Throws ``SoakFailure`` at the first difference.
    public mutating func takeStep() throws(SoakFailure) {
        step += 1
        for command in choice.commands(model) {
            let created = try perform(command)
            guard let created, model.environments[created]?.image == .small else { continue }
            if choice.servesAtOnce() { try perform(.serve(created)) }
        }
    }

    /// Destroys who is left: then as many pages are free as before. Throws ``SoakFailure``.
    public mutating func finish() throws(SoakFailure) {
        for identifier in model.identifiers {
            try perform(.stop(identifier))
            try perform(.destroy(identifier))
        }
    }

    /// Returns the identifier of a new environment.
    @discardableResult
    mutating func perform(_ command: SoakCommand) throws(SoakFailure) -> UInt32? {
        let expected = model.carryOut(command)
        let observation: SoakObservation
        do { observation = try host.perform(command) } catch {
            throw failure(command, .unreadable("\(error)"))
        }
        guard expected.isMet(by: observation) else {
            let (status, output) = (observation.status, observation.output)
            throw failure(command, .ended(status: status, output: output, expected: expected))
        }
        let created = note(command, expected, observation)
        if let problem = check.problem(observation, model) { throw failure(command, problem) }
        return created
    }

    private func failure(_ command: SoakCommand, _ problem: SoakProblem) -> SoakFailure {
        SoakFailure(seed: seed, step: step, command: command, problem: problem)
    }

    /// What a command that ended as it must leaves behind.
    private mutating func note(
        _ command: SoakCommand, _ expected: SoakExpectation, _ observation: SoakObservation
    ) -> UInt32? {
        // Each answer is another one.
        let end = if case .answer = expected { SoakExpectation.answer("") } else { expected }
        ends[end, default: 0] += 1
        switch command {
        case .create(let image) where expected == .identifier:
            guard let identifier = UInt32(observation.output) else { return nil }
            model.add(identifier, image)
            return identifier
        case .destroy(let identifier) where expected == .success:
            choice.gone = identifier
            return nil
        default: return nil
        }
    }
}

internal import SICEABI

extension SoakModel {
    /// How the command must end. Afterwards the environments are as it must leave them; a new one comes by
    /// ``add(_:_:)``.
    public mutating func carryOut(_ command: SoakCommand) -> SoakExpectation {
        switch command {
        case .create(let image):
            return image == .small && guests >= mostGuests ? .error(.imageTooLarge) : .identifier
        case .run(let identifier, let core):
            let isTaken = core.map(isTaken) ?? false
            return change(identifier) { $0.run(coreIsTaken: isTaken) }
        case .serve(let identifier):
            return change(identifier) { $0.serve() }
        case .call(let identifier, let input):
            return change(identifier) { $0.call(input) }
        case .move(let identifier, let core):
            let isTaken = core.map(isTaken) ?? false
            return change(identifier) { $0.move(to: core, isTaken: isTaken) }
        case .stop(let identifier):
            return change(identifier) { $0.stop() }
        case .destroy(let identifier):
            return destroy(identifier)
        }
    }

    /// An environment that `create` made.
    public mutating func add(_ identifier: UInt32, _ image: SoakImage) {
        environments[identifier] = Environment(image)
        identifiers.append(identifier)
    }

    private mutating func change(
        _ identifier: UInt32, _ body: (inout Environment) -> SoakExpectation
    ) -> SoakExpectation {
        guard var environment = environments[identifier] else { return .error(.noSuchEnvironment) }
        let expectation = body(&environment)
        environments[identifier] = environment
        return expectation
    }

    private mutating func destroy(_ identifier: UInt32) -> SoakExpectation {
        guard let environment = environments[identifier] else { return .error(.noSuchEnvironment) }
        guard environment.core == nil else { return .error(.environmentBusy) }
        environments[identifier] = nil
        identifiers.removeAll { $0 == identifier }
        return .success
    }
}

extension SoakModel.Environment {
    /// A CPU that is another's is missed before the environment is looked at.
    fileprivate mutating func run(coreIsTaken: Bool) -> SoakExpectation {
        if coreIsTaken { return .error(.noSuchCore) }
        if isDead { return .error(.wrongState) }
        isDead = true
        return .success
    }

    fileprivate mutating func serve() -> SoakExpectation {
        service = .serving
        return .success
    }

    /// Only one of the images has a window to answer in.
    fileprivate func call(_ input: String) -> SoakExpectation {
        image == .checksum ? .answer(CRC32.answer(to: input)) : .error(.windowNotDeclared)
    }

    fileprivate mutating func move(to core: Int?, isTaken: Bool) -> SoakExpectation {
        guard image != .small || service != nil else { return .error(.guestNotServed) }
        // Where it is already it may come again.
        let isTaken = isTaken && self.core != core
        // It leaves its core first, whatever comes then.
        self.core = nil
        if isTaken { return .error(.noSuchCore) }
        if isDead { return core == nil ? .success : .error(.wrongState) }
        self.core = core
        if service != nil { service = .serving }
        return .success
    }

    /// Also of one that has no core. A guest stands still wherever it was.
    fileprivate mutating func stop() -> SoakExpectation {
        core = nil
        if service != nil { service = .stopped }
        return .success
    }
}

public import Fixtures

/// Makes up commands. The same seed makes up the same ones as long as the host answers as it must.
public struct SoakChoice {
    public var random: SeededRandom
    /// CPUs of the machine. Linux keeps the first one.
    let cores: Int
    /// An environment that is no longer there, or never was.
    var gone: UInt32 = 257_000
    private static let mostEnvironments = 7

    public init(_ random: SeededRandom, cores: Int) {
        self.random = random
        self.cores = cores
    }

    /// The commands of the next step: at least one.
    public mutating func commands(_ model: SoakModel) -> [SoakCommand] {
        while true {
            let action = number(12)
            let count = model.identifiers.count
            guard count > 0, action >= 2 || count == Self.mostEnvironments else { return [create()] }
            let commands = commands(action, model)
            if !commands.isEmpty { return commands }
        }
    }

    /// Whether a guest boots on, from now, while others come and go.
    mutating func servesAtOnce() -> Bool { number(2) == 0 }

    private mutating func create() -> SoakCommand {
        .create([.bell, .steady, .checksum, .checksum, .small][number(5)])
    }

    /// For one of the environments; none where it makes no sense.
    private mutating func commands(_ action: Int, _ model: SoakModel) -> [SoakCommand] {
        let identifier = model.identifiers[number(model.identifiers.count)]
        guard let environment = model.environments[identifier] else { return [] }
        switch action {
        case 2, 3: return run(identifier, environment)
        case 4, 5: return [.call(identifier, input: input())]
        case 6, 7, 8: return move(identifier, environment)
        case 9: return [.stop(identifier)]
        case 10: return [nobody()]
        default: return Self.destroy(identifier, environment)
        }
    }

    private mutating func run(_ identifier: UInt32, _ environment: SoakModel.Environment) -> [SoakCommand] {
        if environment.image.ends { return [.run(identifier, core: core(below: 3))] }
        return environment.image == .small && environment.service == nil ? [.serve(identifier)] : []
    }

    private mutating func move(_ identifier: UInt32, _ environment: SoakModel.Environment) -> [SoakCommand] {
        // One that ends there by itself ends when it likes.
        guard !environment.image.ends || environment.isDead else { return [] }
        return [.move(identifier, core: core(below: cores))]
    }

    /// Between two slices a guest could be destroyed, in one it could not.
    static func destroy(_ identifier: UInt32, _ environment: SoakModel.Environment) -> [SoakCommand] {
        let getsSlices = environment.service == .serving && environment.core == nil
        return (getsSlices ? [.stop(identifier)] : []) + [.destroy(identifier)]
    }

    private mutating func nobody() -> SoakCommand {
        switch number(5) {
        case 0: .run(gone, core: nil)
        case 1: .move(gone, core: nil)
        case 2: .stop(gone)
        case 3: .destroy(gone)
        default: .call(gone, input: input())
        }
    }

    private mutating func core(below limit: Int) -> Int? {
        let core = number(limit)
        return core == 0 ? nil : core
    }

    private mutating func input() -> String { String(number(1_000_000_000)) }

    private mutating func number(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
}

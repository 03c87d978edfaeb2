/// How long a soak is, and which steps it takes.
public struct SoakSettings: Equatable, Sendable {
    /// Those of every test run: each way to end is among them.
    public static let standard = SoakSettings(seed: 137, steps: 30)

    public let seed: UInt64
    public let steps: Int

    init(seed: UInt64, steps: Int) {
        self.seed = seed
        self.steps = steps
    }

    /// ``standard`` ones, but for what `SICE_SEED` and `SICE_SOAK_STEPS` say. Nil when one of them is no number.
    public init?(environment: [String: String]) {
        guard let seed = environment["SICE_SEED"].map(UInt64.init) ?? Self.standard.seed,
            let steps = environment["SICE_SOAK_STEPS"].map({ Int($0) }) ?? Self.standard.steps, steps > 0
        else { return nil }
        self.init(seed: seed, steps: steps)
    }
}

import Foundation

/// A generator whose runs can be repeated: it prints its seed, and takes it from `SICE_SEED` if that is set.
public struct SeededRandom: RandomNumberGenerator {
    /// The seed of this run, for messages.
    public let seed: UInt64
    private var state: UInt64

    /// `name` says in the output whose seed it is.
    public init(_ name: String) {
        let given = ProcessInfo.processInfo.environment["SICE_SEED"].flatMap { UInt64($0) }
        seed = given ?? UInt64.random(in: 0...UInt64.max)
        state = seed
        print("\(name): SICE_SEED=\(seed)")
    }

    /// A generator whose runs are all the same.
    public init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// SplitMix64.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

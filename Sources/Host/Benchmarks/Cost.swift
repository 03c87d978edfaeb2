/// A number that `tools/bench` prints.
public struct Cost: Sendable {
    /// What measures it.
    public enum Source: CaseIterable, Sendable {
        case sizes, probe, probeOnTwoCores, kvm, boot, flash, measure
    }

    public let name: String
    public let unit: String
    public let source: Source
    /// From what was measured.
    let value: Formula
    /// What it must not exceed; nil where the number only informs.
    let goal: Formula?

    private init(
        _ name: String, _ unit: String, _ source: Source, goal: Formula? = nil, _ value: Formula? = nil
    ) {
        self.name = name
        self.unit = unit
        self.source = source
        self.value = value ?? .times(1, name)
        self.goal = goal
    }

    /// All, in the order in which they are printed.
    public static let all: [Cost] = [
        Cost("switch.roundtrip", "instructions", .probe, goal: .number(1033)),
        Cost("switch.floor", "instructions", .probe),
        Cost("switch.multicore", "instructions", .probeOnTwoCores, goal: .number(2400)),
        Cost("kvm.roundtrip", "instructions", .kvm),
        Cost(
            "load.per_byte", "instructions/B", .probe, goal: .times(0.00115, "sha256.per_byte"),
            .times(0.001, "load.per_byte")),
        Cost("sha256.per_byte", "instructions/B", .probe, .times(0.001, "sha256.per_byte")),
        Cost("manager.image_bytes", "bytes", .sizes, goal: .number(96 * 1024)),
        Cost(
            "measure.ratio", "of openssl dgst", .measure, goal: .number(1.25),
            .ratio("measure.ours", "measure.theirs")),
        Cost("boot.instructions", "instructions", .boot),
        Cost("boot.compressed", "instructions", .boot),
        Cost("boot.floor", "instructions", .boot, .bootFloor),
        Cost("boot.ratio", "of boot.floor", .boot, goal: .number(1.2), .overBootFloor("boot.instructions")),
        Cost("payload.bytes", "bytes", .sizes, goal: .number(128 * 1024)),
        Cost("flash.seconds", "seconds", .flash, .times(0.001, "flash.ours")),
        Cost("flash.ratio", "of cbfstool", .flash, goal: .number(2), .ratio("flash.ours", "flash.bare")),
    ]

    /// All, or the one of this name. Throws `unknown`.
    public static func named(_ name: String?) throws(BenchmarkError) -> [Cost] {
        guard let name else { return all }
        guard let cost = all.first(where: { $0.name == name }) else { throw .unknown(name) }
        return [cost]
    }
}

/// How a number comes of metrics, of each of which the least counts.
enum Formula: Sendable {
    case number(Double)
    case times(Double, String)
    case ratio(String, String)
    /// Instructions that hashing the measured files and clearing SMRAM alone would cost.
    case bootFloor
    case overBootFloor(String)

    /// Throws `missing`.
    func value(_ metrics: Metrics) throws(BenchmarkError) -> Double {
        switch self {
        case .number(let number): number
        case .times(let factor, let name): try factor * metrics.least(name)
        case .ratio(let name, let other): try metrics.least(name) / metrics.least(other)
        case .bootFloor: try Formula.bootFloor(metrics)
        case .overBootFloor(let name): try metrics.least(name) / Formula.bootFloor(metrics)
        }
    }

    private static func bootFloor(_ metrics: Metrics) throws(BenchmarkError) -> Double {
        let mebibyte = 1_048_576.0
        let hashing = try metrics.least("boot.measured_bytes") * metrics.least("boot.hash_mebibyte")
        let clearing = try metrics.least("boot.smram_bytes") * metrics.least("boot.clear_mebibyte")
        return ((hashing + clearing) / mebibyte).rounded(.down)
    }
}

/// One run of a soak of the demo: every second one is killed, in one stage after the other and there sooner and later.
public struct SoakRun: Equatable, Sendable {
    /// When a run is killed.
    public struct Moment: Equatable, Sendable {
        /// The stage, from 1.
        public let stage: Int
        /// Seconds after its beginning.
        public let pause: Double
    }

    /// From 1.
    public let number: Int
    /// Nil for a run that must come to its end.
    public let kill: Moment?

    /// The last stage of the demo is left out: it ends before it can be hit.
    private static let stages = 7
    /// It boots Linux, which takes seconds; all others take a moment.
    private static let longStage = 2

    public init(_ number: Int) {
        self.number = number
        guard number.isMultiple(of: 2) else {
            kill = nil
            return
        }
        let stage = number / 2 % SoakRun.stages + 1
        let step = Double(number * 7 % 10)
        kill = Moment(stage: stage, pause: step / 100 + (stage == SoakRun.longStage ? step : 0))
    }

    /// Stages that the demo's messages say have begun.
    public static func stages(in messages: String) -> Int {
        messages.split(whereSeparator: \.isNewline).count { $0.hasPrefix("demo: ") }
    }
}

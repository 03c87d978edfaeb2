/// When an exchange must be over, whatever comes meanwhile: who sends a byte now and then must not hold us for ever.
struct Deadline: Sendable {
    /// For messages.
    let seconds: Double
    private let end: ContinuousClock.Instant

    init(seconds: Double) {
        self.seconds = seconds
        end = .now + .seconds(seconds)
    }

    private init(_ end: ContinuousClock.Instant, _ seconds: Double) {
        (self.end, self.seconds) = (end, seconds)
    }

    /// What is left, rounded up, as `poll` takes it; 0 when it is over.
    var milliseconds: Int32 {
        let left = max(.zero, end - .now) / .milliseconds(1)
        return Int32(min(left.rounded(.up), 1e9))
    }

    /// One that leaves as much again to each of `others`.
    func shared(with others: Int) -> Deadline {
        let now = ContinuousClock.now
        return Deadline(now + max(.zero, end - now) / (others + 1), seconds)
    }
}

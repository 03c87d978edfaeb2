public import SICEABI

/// What the payload tried out on the platform, on its way to the manager (``HandoffLayout/postureTried``).
public struct PlatformFindings: Equatable, Sendable {
    private(set) var tried: UInt32 = 0
    private(set) var present: UInt32 = 0

    /// Nothing was tried: every claim reads as unknown.
    public init() {}

    /// Records a result. A claim has one result: `unknown` leaves it untried, and where two experiments disagree,
    /// the absence counts. Claims that the payload does not decide, and protections that cannot be shown
    /// (``PostureClaim/canBeShown``), are not recorded; the manager would refuse them.
    public mutating func record(_ claim: PostureClaim, _ value: PostureValue) {
        guard claim.isFoundAtBoot, value == .absent || value == .present && claim.canBeShown else { return }
        let bit: UInt32 = 1 << UInt32(claim.rawValue)
        let wasAbsent = tried & bit != 0 && present & bit == 0
        tried |= bit
        if value == .present, !wasAbsent { present |= bit } else { present &= ~bit }
    }

    /// The result so far.
    public subscript(_ claim: PostureClaim) -> PostureValue {
        let bit: UInt32 = 1 << UInt32(claim.rawValue)
        guard tried & bit != 0 else { return .unknown }
        return present & bit != 0 ? .present : .absent
    }
}

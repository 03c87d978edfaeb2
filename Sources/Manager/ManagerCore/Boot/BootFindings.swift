import SICEABI

/// What the payload found out about the platform before it locked SMRAM (``PostureClaim/isFoundAtBoot``).
struct BootFindings: Equatable {
    private let tried: UInt32
    private let present: UInt32

    /// Takes the two bitmaps of the handoff. Throws `notInstalled` when one names a claim that the payload does not
    /// decide, or a protection is present that was not tried or cannot be shown: a mistake must not become a
    /// promise.
    init(tried: UInt32, present: UInt32) throws(ErrorCode) {
        guard tried & ~Self.decidable == 0, present & ~(tried & Self.showable) == 0 else {
            throw .notInstalled
        }
        self.tried = tried
        self.present = present
    }

    /// What was found; unknown when there was no result.
    func value(of claim: PostureClaim) -> PostureValue {
        guard tried & Self.bit(claim.rawValue) != 0 else { return .unknown }
        return present & Self.bit(claim.rawValue) != 0 ? .present : .absent
    }

    private static var decidable: UInt32 { bits { claim in claim.isFoundAtBoot } }
    private static var showable: UInt32 { bits { claim in claim.isFoundAtBoot && claim.canBeShown } }

    private static func bits(where holds: (PostureClaim) -> Bool) -> UInt32 {
        var bits: UInt32 = 0
        for number in 0..<UInt8(PostureClaim.count) {
            if let claim = PostureClaim(rawValue: number), holds(claim) { bits |= bit(number) }
        }
        return bits
    }

    private static func bit(_ number: UInt8) -> UInt32 { 1 &<< UInt32(number) }
}

internal import SICEABI

/// Encodings of claims as they stand in a report (deterministic CBOR), to find them and put others in their
/// place.
enum ReportPatch {
    static func debugStatus(_ isDebug: Bool) -> [UInt8] {
        key(.debugStatus) + [(isDebug ? DebugStatus.enabled : .disabledSinceBoot).rawValue]
    }

    static func posture(_ posture: [PostureClaim: PostureValue]) -> [UInt8] {
        let claims = posture.sorted { $0.key.rawValue < $1.key.rawValue }
        return key(.posture) + head(5, UInt64(claims.count))
            + claims.flatMap { head(0, UInt64($0.key.rawValue)) + [$0.value.rawValue] }
    }

    /// A claim's key: major type 0, or 1 for a negative one (RFC 8949, 3.1).
    static func key(_ claim: ReportClaim) -> [UInt8] { key(claim.rawValue) }

    static func key(_ claim: Int64) -> [UInt8] {
        claim < 0 ? head(1, UInt64(-1 - claim)) : head(0, UInt64(claim))
    }

    /// Shortest form of a head (RFC 8949, 4.2.1), for numbers below 2³².
    private static func head(_ major: UInt8, _ value: UInt64) -> [UInt8] {
        let (size, code): (UInt64, UInt8) =
            switch value {
            case ..<24: (0, UInt8(value))
            case ..<(1 << 8): (1, 24)
            case ..<(1 << 16): (2, 25)
            default: (4, 26)
            }
        return [major << 5 | code]
            + (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

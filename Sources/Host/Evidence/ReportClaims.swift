internal import CBOR
internal import Diagnostics
public import SICEABI

/// What the security manager says in a report; keys and types in `ReportClaim`.
public struct ReportClaims: Equatable, Sendable {
    public var nonce: [UInt8] = []
    public var isDebug = false
    public var measurement: [UInt8] = []
    public var environment: UInt32 = 0
    public var mode = ExecutionMode.timeSharing
    public var state = LifecycleState.absent
    public var workloadData: [UInt8] = []
    public var managerDigest: [UInt8] = []
    public var managerVersion = ""
    public var posture: [PostureClaim: PostureValue] = [:]
    public var logHead: [UInt8] = []
    public var logCount: UInt64 = 0
    public var imageName = ""
    /// Random per boot.
    public var bootIdentifier: [UInt8] = []

    public init() {}
}

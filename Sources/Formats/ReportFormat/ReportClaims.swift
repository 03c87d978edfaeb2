internal import Bytes
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

    /// What the manager's profile of EAT is called.
    public static var profile: String {
        let name = ReportClaim.profileName
        return String(decoding: [UInt8](name.span), as: UTF8.self)
    }

    /// How many of the first entries of the run-time log the manager does not keep any more: it keeps the
    /// last ``SICEABI/ABI/logCapacity``. Whoever makes a bundle can leave out these, and no others.
    public var droppedLogEntries: UInt64 {
        logCount > UInt64(ABI.logCapacity) ? logCount - UInt64(ABI.logCapacity) : 0
    }
}

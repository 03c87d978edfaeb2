/// Whose page, or whose tables, a finding is about.
public enum AuditOwner: Hashable, Sendable, CustomStringConvertible {
    case manager
    /// A core's block of SMRAM.
    case core(Int)
    /// The environment in a slot.
    case environment(slot: Int)
    /// The pool's free pages.
    case pool

    public var description: String {
        switch self {
        case .manager: "manager"
        case .core(let core): "core \(core)"
        case .environment(let slot): "slot \(slot)"
        case .pool: "pool"
        }
    }
}

/// One rule that does not hold at one place.
public struct Finding: Equatable, Sendable {
    public let rule: AuditRule
    public let owner: AuditOwner
    /// Physical address of the page at fault, and bytes from there.
    public let address: UInt64
    public internal(set) var size: UInt64
    /// Where it is mapped: a virtual address of the manager, or a guest-physical one of the environment.
    public let mappedAt: UInt64?
    /// What was found there, in a few words.
    public let detail: String
}

/// What was found, each run of pages once, and no more than a person reads.
struct Findings {
    private(set) var list: [Finding] = []
    /// All that there were.
    private(set) var count = 0

    private static let maximum = 256

    mutating func add(
        _ rule: AuditRule, _ owner: AuditOwner, _ address: UInt64, size: UInt64 = 4096,
        mappedAt: UInt64? = nil, _ detail: String
    ) {
        let next = Finding(
            rule: rule, owner: owner, address: address, size: size, mappedAt: mappedAt, detail: detail)
        if let last = list.last, last.isFollowed(by: next) {
            list[list.count - 1].size &+= size
            return
        }
        count += 1
        if list.count < Self.maximum { list.append(next) }
    }

    mutating func append(_ other: Findings) {
        for finding in other.list {
            add(
                finding.rule, finding.owner, finding.address, size: finding.size, mappedAt: finding.mappedAt,
                finding.detail)
        }
        count += other.count - other.list.count
    }
}

extension Finding {
    fileprivate func isFollowed(by next: Finding) -> Bool {
        rule == next.rule && owner == next.owner && detail == next.detail
            && address &+ size == next.address && mappedAt.map { $0 &+ size } == next.mappedAt
    }
}

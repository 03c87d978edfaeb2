public import SICEABI

/// The one page of device registers that the manager touches: the local APIC's, where the architecture has it.
///
/// The host can move its core's registers over RAM, over memory that is hidden from it, or over another device, and the
/// manager would write there for it (a confused deputy by movable registers). Holding a value proves that those of the
/// executing core are at the architectural page, which the take-over found outside SMRAM and RAM. Only the executing
/// core can move its own, and it is in SMM: a value stays true until RSM. There is one constructor.
public struct LocalAPICPage: Equatable, Sendable {
    /// Host-physical address of the page.
    public let address: UInt64

    package static let architecturalAddress: UInt64 = 0xFEE0_0000

    /// `pageBase` is the page of the base register. Nil for any other page than the architectural one.
    fileprivate init?(pageBase: UInt64) {
        guard pageBase == Self.architecturalAddress else { return nil }
        address = Self.architecturalAddress
    }

    /// Whether SMRAM and RAM leave the page alone.
    static func isFree(in map: HostMemoryMap) -> Bool {
        let end = architecturalAddress &+ ABI.pageSize
        return (end <= map.smramBase || architecturalAddress >= map.smramEnd)
            && !map.overlapsRAM(from: architecturalAddress, to: end)
    }
}

/// How the executing core reaches its local APIC (AMD64 APM volume 2, §16.3.1 and §16.11).
public enum LocalAPICAccess: Equatable, Sendable {
    /// x2APIC mode: by MSRs, no address is involved.
    case registers
    case page(LocalAPICPage)

    private static let enabled: UInt64 = 1 << 11
    private static let x2APIC: UInt64 = 1 << 10
    private static let pageMask: UInt64 = 0x000F_FFFF_FFFF_F000

    /// `base` is what the core's base register (MSR 0x1B) holds now. Throws `coreUnreachable` when the local APIC is
    /// disabled, or its page is anywhere but at its architectural place.
    public init(baseRegister base: UInt64) throws(ErrorCode) {
        guard base & Self.enabled != 0 else { throw .coreUnreachable }
        if base & Self.x2APIC != 0 {
            self = .registers
        } else if let page = LocalAPICPage(pageBase: base & Self.pageMask) {
            self = .page(page)
        } else {
            throw .coreUnreachable
        }
    }
}

internal import SICEABI

/// What a mapping lets be done; the bits are those of ``SICEABI/Permissions``.
struct PageAccess: OptionSet, CustomStringConvertible {
    let rawValue: UInt32

    static let read = PageAccess(rawValue: Permissions.read)
    static let write = PageAccess(rawValue: Permissions.write)
    static let execute = PageAccess(rawValue: Permissions.execute)

    /// `rw-`
    var description: String {
        (contains(.read) ? "r" : "-") + (contains(.write) ? "w" : "-") + (contains(.execute) ? "x" : "-")
    }
}

/// Neighbouring addresses that lead to neighbouring physical ones with the same rights.
struct Mapping: Equatable {
    /// Virtual address, or guest-physical one.
    var address: UInt64
    var physical: UInt64
    /// Bytes.
    var size: UInt64
    var access: PageAccess

    var end: UInt64 { address &+ size }
    var physicalEnd: UInt64 { physical &+ size }

    /// The part from `start` on that ends before `end`, both inside.
    func part(_ start: UInt64, _ end: UInt64) -> Mapping {
        Mapping(address: start, physical: physical &+ (start &- address), size: end &- start, access: access)
    }
}

public import ManagerAccess
internal import SICEABI
public import StrictJSON

/// How `sice info` shows the manager. Schema `sice.info/1`.
public enum ManagerDescription {
    public static func json(_ info: ManagerInfo) -> JSON {
        .object([
            "schema": .string("sice.info/1"), "interface": .integer(Int64(info.version)),
            "pool_pages": .integer(Int64(clamping: info.poolPages)),
            "free_pages": .integer(Int64(clamping: info.freePages)),
            "cores": .integer(Int64(clamping: info.cores)), "flags": .array(flags(info).map { .string($0) }),
        ])
    }

    /// A line each, for people.
    public static func lines(_ info: ManagerInfo) -> [String] {
        [
            "interface \(info.version)", "pool \(info.poolPages) pages", "free \(info.freePages) pages",
            "cores \(info.cores)", "flags " + flags(info).joined(separator: ", "),
        ]
    }

    private static func flags(_ info: ManagerInfo) -> [String] {
        [
            (PlatformFlags.locked, "locked"), (PlatformFlags.reportKey, "report-key"),
            (PlatformFlags.standInROM, "stand-in-rom"), (PlatformFlags.insecureOption, "insecure-option"),
        ].filter { info.flags & $0.0 != 0 }.map(\.1)
    }
}

internal import CorebootFormats
public import Diagnostics
internal import SICEABI

extension ROM {
    /// What a file of a flashed ROM is to us.
    public enum Role: String, Sendable {
        case payload = "SICE payload"
        case manager = "security manager"
        case workload = "boot workload"
        case next = "started after the security manager"
        case original = "the ROM's own payload, put aside"
        case option = "SICE option"
    }

    /// What coreboot starts.
    public static let payload = "fallback/payload"
    /// The ROM's own payload while another one is started. Nothing reads it at boot, so nothing measures it.
    public static let originalPayload = "sice/original"

    /// Whether the security manager is in. Throws `romFileSystemDamaged`.
    public var isFlashed: Bool {
        get throws(ToolError) { try digest(of: "\(BootMeasurement.manager)") != nil }
    }

    /// Whether the stand-in ROM starts here rather than coreboot: it has no stages, only a bootblock.
    var isStandIn: Bool {
        get throws(ToolError) { try stages().isEmpty }
    }

    /// coreboot's stages behind the bootblock, in the order in which they run.
    func stages() throws(ToolError) -> [String] {
        let names = Set(try files().filter { $0.type == CBFSType.stage }.map(\.name))
        return ["fallback/romstage", "fallback/postcar", "fallback/ramstage"].filter(names.contains)
    }

    /// Size of TSEG that the ROM asks for, in MiB; nil when it leaves that to the machine.
    /// Throws `romFileSystemDamaged`.
    public func smramMebibytes() throws(ToolError) -> UInt64? {
        let name = "\(BootMeasurement.smramSizeOption)"
        guard let bytes = try content(of: name) else { return nil }
        guard bytes.count == 8 else { throw ToolError(.romFileSystemDamaged, "\(path): \(name)") }
        return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// What a file of a flashed ROM is to us; nil for coreboot's own.
    public static func role(of name: String) -> Role? {
        switch name {
        case ROM.payload: .payload
        case "\(BootMeasurement.manager)": .manager
        case "\(BootMeasurement.workload)": .workload
        case "\(BootMeasurement.next)": .next
        case ROM.originalPayload: .original
        case let option where option.hasPrefix("sice/"): .option
        default: nil
        }
    }
}

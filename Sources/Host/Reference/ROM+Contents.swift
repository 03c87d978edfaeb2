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
        case record = "what the ROM was before flashing"
    }

    /// What coreboot starts.
    public static let payload = "fallback/payload"
    /// The ROM's own payload while another one is started. Nothing reads it at boot, so nothing measures it.
    public static let originalPayload = "sice/original"
    /// What `sice-attest flash` notes down for `sice-attest unflash`. Nothing reads it at boot, so nothing measures it.
    public static let record = "sice/flashed"

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
    /// Throws `romFileSystemDamaged`; `bootNoTSEG` for what the payload does not take for a size that a machine may have.
    public func smramMebibytes() throws(ToolError) -> UInt64? {
        let name = "\(BootMeasurement.smramSizeOption)"
        guard let bytes = try bootFile(name) else { return nil }
        guard let size = OptionText.number(bytes.span) else {
            throw ToolError(.bootNoTSEG, "\(path): \(name) is no number")
        }
        guard (16...1024).contains(size) else {
            throw ToolError(.bootNoTSEG, "\(path): \(name) says \(size) MiB, and 16 to 1024 can be had")
        }
        return size
    }

    /// Names of files in `sice/`, which are nobody else's.
    public func ownNames() throws(ToolError) -> [String] {
        try files().map(\.name).filter { $0.hasPrefix("sice/") }
    }

    /// What a file of a flashed ROM is to us; nil for coreboot's own, and for one in `sice/` that nothing reads.
    public static func role(of name: String) -> Role? {
        switch name {
        case ROM.payload: .payload
        case "\(BootMeasurement.manager)": .manager
        case "\(BootMeasurement.workload)": .workload
        case "\(BootMeasurement.next)": .next
        case ROM.originalPayload: .original
        case ROM.record: .record
        case "\(BootMeasurement.smramSizeOption)", "\(BootMeasurement.insecureOption)": .option
        default: nil
        }
    }
}

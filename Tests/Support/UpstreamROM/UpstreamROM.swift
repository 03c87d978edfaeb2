public import Foundation

/// ROMs that upstream coreboot's build made, with no change of ours; they are not part of the project. Environment
/// variables name them: qemu-q35, measured boot, 16 MiB, no payload.
public enum UpstreamROM: String, CaseIterable, Sendable {
    /// coreboot for 32-bit protected mode, without an SMM handler.
    case protectedMode = "COREBOOT_ROM"
    /// coreboot for 64-bit long mode, without an SMM handler.
    case longMode = "COREBOOT_ROM_X64"
    /// coreboot with its own SMM handler, which locks SMRAM.
    case ownHandler = "COREBOOT_ROM_SMM"

    /// The ROM as its builder left it; nil when its variable is unset.
    public var file: URL? {
        ProcessInfo.processInfo.environment[rawValue].map { URL(filePath: $0) }
    }

    /// Whether tests have this ROM.
    public var isThere: Bool { file != nil }

    /// Why tests of this ROM are skipped.
    public var condition: String { "needs \(rawValue), the path of an upstream coreboot ROM" }
}

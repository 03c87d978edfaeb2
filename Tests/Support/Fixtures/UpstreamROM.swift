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

/// SeaBIOS as a user builds it for coreboot, and what it boots from a disk; neither is part of the project.
public enum SeaBIOS {
    /// `out/bios.bin.elf` of a build with CONFIG_COREBOOT and without CONFIG_TCGBIOS, which clears the event log.
    public static var program: URL? { file("SEABIOS_ELF") }
    /// Boot image (El Torito, no emulation) that starts `/boot/vmlinuz` with `/boot/initrd` from the disk SICEHOST.
    public static var bootImage: URL? { file("SEABIOS_BOOT_IMAGE") }
    public static var isThere: Bool { program != nil && bootImage != nil }
    /// Why tests of it are skipped.
    public static let condition = "needs SEABIOS_ELF and SEABIOS_BOOT_IMAGE"

    private static func file(_ variable: String) -> URL? {
        ProcessInfo.processInfo.environment[variable].map { URL(filePath: $0) }
    }
}

internal import ArgumentParser
internal import Diagnostics
internal import Flashing
internal import Reference

/// `sice-attest unflash`
struct Unflash: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take the security manager out of a ROM again.",
        discussion: """
            Example: sice-attest unflash --rom sice.rom --out coreboot.rom
            The ROM's own payload goes back where it was, and is started by coreboot again. The last line says whether the \
            ROM is as before flashing, byte for byte. A payload that somebody put in the place of ours since is kept.
            """)

    @Option(help: "A ROM that `sice-attest flash` made.")
    var rom: String

    @Option(help: "The ROM to write.")
    var out: String

    func run() throws {
        let result = try Flasher().unflash(ROM(rom), path: rom)
        try OutputFile.write(result.bytes, to: out)
        try StandardStreams.result("\(out): \(Unflash.text(result.likeness))", beside: out)
    }

    private static func text(_ likeness: UnflashedROM.Likeness) -> String {
        switch likeness {
        case .same: "as before flashing, byte for byte"
        case .unknown: "without the security manager; the ROM has no record of what it was before flashing"
        case .otherBytes:
            "without the security manager, with its own payload; not byte for byte as before flashing: other files "
                + "were changed since, or lie where the payload was"
        case .otherPayload:
            "without the security manager; not as before flashing: fallback/payload was replaced since, and the new one "
                + "is kept"
        }
    }
}

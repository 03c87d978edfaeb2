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
            The ROM's own payload is started by coreboot again.
            """)

    @Option(help: "A ROM that `sice-attest flash` made.")
    var rom: String

    @Option(help: "The ROM to write.")
    var out: String

    func run() throws {
        try OutputFile.write(Flasher().unflash(ROM(rom), path: rom), to: out)
        StandardStreams.result("\(out): as before flashing")
    }
}

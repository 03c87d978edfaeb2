internal import ArgumentParser
internal import Diagnostics
internal import Flashing
internal import ImageBuilder
internal import Reference
internal import SICEABI
internal import StrictJSON

/// `sice-attest reference`
struct ReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference",
        abstract: "Compute what a machine with this ROM must have measured, without the machine.",
        discussion: """
            Example: sice-attest reference --rom sice.rom --image signer.image --out reference.json
            The ROM is one that `sice-attest flash` or tools/rom/assemble made. What coreboot measures of itself is \
            computed, too.
            """)

    @Option(help: "The ROM.")
    var rom: String

    @Option(help: "An image that may run there; repeat for more.")
    var image: [String] = []

    @Option(
        parsing: .unconditional,
        help: """
            Size of TSEG in MiB or with a unit, which is measured, too (default: what the ROM asks for, or 64 MiB).
            """)
    var smram: Mebibytes?

    @Option(help: "The file to write.")
    var out: String

    private static let defaultSize: UInt64 = 64

    func validate() throws {
        try smram?.requireSMRAMSize("--smram")
    }

    func run() throws {
        let images = try image.map { path in
            let summary = try ImageSummary(readingFile: path)
            return ReferenceValues.Image(name: summary.name, measurement: summary.measurement)
        }
        let image = try ROM(rom)
        try image.requireBootable()
        let values = try ReferenceValues(image, smramSize: smramSize(image) << 20, images: images)
        try OutputFile.write(Array(values.json.text.utf8), to: out)
        try StandardStreams.result(
            "\(out): \(values.events.count) events, \(images.count) images", beside: out)
    }

    /// In MiB.
    private func smramSize(_ image: ROM) throws(ToolError) -> UInt64 {
        guard let asked = try image.smramMebibytes() else {
            return smram?.count ?? ReferenceCommand.defaultSize
        }
        guard smram == nil || smram?.count == asked else {
            throw ToolError(.usage, "\(rom) asks for a TSEG of \(asked) MiB: leave --smram out")
        }
        return asked
    }
}

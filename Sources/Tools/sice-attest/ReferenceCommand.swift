internal import ArgumentParser
internal import Diagnostics
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
            The ROM is one that tools/rom/assemble made.
            """)

    @Option(help: "The ROM.")
    var rom: String

    @Option(help: "An image that may run there; repeat for more.")
    var image: [String] = []

    @Option(help: "Size of TSEG in MiB; it is part of the measured configuration.")
    var smram: UInt64 = 64

    @Option(help: "The file to write.")
    var out: String

    func validate() throws {
        guard (16...1024).contains(smram) else { throw ValidationError("--smram takes 16 to 1024") }
    }

    func run() throws {
        let images = try image.map { path in
            let summary = try ImageSummary(readingFile: path)
            return ReferenceValues.Image(name: summary.name, measurement: summary.measurement)
        }
        let values = try ReferenceValues(ROM(rom), smramSize: smram << 20, images: images)
        try OutputFile.write(Array(values.json.text.utf8), to: out)
        StandardStreams.result("\(out): \(values.events.count) events, \(images.count) images")
    }
}

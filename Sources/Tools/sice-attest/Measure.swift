internal import ArgumentParser
internal import Diagnostics
internal import ImageBuilder
internal import StrictJSON

/// `sice-attest measure`
struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the measurement that a report of this image carries.",
        discussion: """
            Example: sice-attest measure signer.image
            The measurement is SHA-256 of the file, once the file is known to be a whole image.
            """)

    @Argument(help: "The isolated image.")
    var image: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        let summary = try ImageSummary(readingFile: image)
        let measurement = Hex.encode(summary.measurement)
        try output.print(
            text: [measurement],
            json: .object([
                "schema": .string("sice.measurement/1"), "image": .string(image),
                "measurement": .string(measurement), "size": .integer(Int64(summary.fileSize)),
            ]))
    }
}

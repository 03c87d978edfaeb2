internal import ArgumentParser
internal import Diagnostics
internal import ImageBuilder
internal import IsolatedImage
internal import StrictJSON

/// `sice-attest inspect`
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what an isolated image holds.",
        discussion: "Example: sice-attest inspect signer.image --format json")

    @Argument(help: "The isolated image.")
    var image: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        let summary = try ImageSummary(readingFile: image)
        output.print(text: Inspect.text(summary), json: Inspect.json(summary))
    }

    private static func text(_ image: ImageSummary) -> [String] {
        var lines = [
            "name           \(image.name)", "version        \(image.version)",
            "debug          \(image.isDebug)", "measurement    \(Hex.encode(image.measurement))",
            "file           \(image.fileSize) bytes", "private pages  \(image.privatePages)",
            "entry          \(image.entry.address)", "stack pointer  \(image.stackPointer.address)",
            "page tables    \(image.pageTableRoot.address)",
        ]
        lines += image.regions.enumerated().map { "region \($0)       \($1.text)" }
        lines += image.windows.enumerated().map { "window \($0)       \($1.text)" }
        return lines
    }

    private static func json(_ image: ImageSummary) -> JSON {
        .object([
            "schema": .string("sice.image/1"), "name": .string(image.name), "version": .string(image.version),
            "debug": .boolean(image.isDebug), "measurement": .string(Hex.encode(image.measurement)),
            "size": .integer(Int64(image.fileSize)), "private_pages": .integer(Int64(image.privatePages)),
            "entry": .string(image.entry.address), "stack_pointer": .string(image.stackPointer.address),
            "page_table_root": .string(image.pageTableRoot.address),
            "regions": .array(image.regions.map(json)), "windows": .array(image.windows.map(json)),
        ])
    }

    private static func json(_ region: ImageRegion) -> JSON {
        .object([
            "address": .string(region.address.address), "pages": .integer(Int64(region.pages)),
            "content_pages": .integer(Int64(region.contentPages)), "read": .boolean(true),
            "write": .boolean(region.isWritable), "execute": .boolean(region.isExecutable),
        ])
    }
}

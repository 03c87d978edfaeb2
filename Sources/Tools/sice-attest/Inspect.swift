internal import ArgumentParser
internal import Diagnostics
internal import Foundation
internal import ImageBuilder
internal import IsolatedImage
internal import Reference
internal import SICEABI
internal import StrictJSON

/// `sice-attest inspect`
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what an isolated image or a ROM holds.",
        discussion: """
            Example: sice-attest inspect signer.image --format json
            Of a ROM it shows each file with its digest, which is what the machine measures.
            """)

    @Argument(help: "The isolated image or ROM.")
    var file: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        let summary: ImageSummary
        do throws(ToolError) {
            summary = try ImageSummary(readingFile: file)
        } catch {
            guard error.code == .imageBadMagic, let rom = try? ROM(file) else { throw error }
            let files = try rom.files()
            output.print(text: files.map(Inspect.text), json: Inspect.json(files))
            return
        }
        output.print(text: Inspect.text(summary), json: Inspect.json(summary))
    }

    private static func text(_ file: ROM.File) -> String {
        let name = file.name.padding(toLength: max(file.name.count, 20), withPad: " ", startingAt: 0)
        return "\(name) \(Hex.encode(file.digest))  \(file.size) bytes"
    }

    private static func json(_ files: [ROM.File]) -> JSON {
        .object([
            "schema": .string("sice.rom/1"),
            "files": .array(
                files.map {
                    .object([
                        "name": .string($0.name), "type": .integer(Int64($0.type)),
                        "size": .integer(Int64($0.size)), "sha256": .string(Hex.encode($0.digest)),
                    ])
                }),
        ])
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

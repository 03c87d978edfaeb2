internal import ArgumentParser
internal import Diagnostics
internal import Flashing
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
            Of a ROM it shows each file with its digest, which is what the machine measures; then it refuses a flashed \
            one that the boot would stop at.
            """)

    @Argument(help: "The isolated image or ROM.")
    var file: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        let file = try InputFile(self.file, isReadAgain: true)
        let summary: ImageSummary
        do throws(ToolError) {
            summary = try ImageSummary(reading: file)
        } catch {
            guard error.code == .imageBadMagic else { throw error }
            // Unless it looks like a ROM, the first reader's words say what is wrong.
            guard let rom = try Inspect.readROM(file) else { throw error }
            try show(rom)
            return
        }
        try output.print(text: Inspect.text(summary), json: Inspect.json(summary))
    }

    /// Nil for a file that is no ROM at all.
    private static func readROM(_ file: borrowing InputFile) throws(ToolError) -> ROM? {
        file.rewind()
        do throws(ToolError) {
            return try ROM(reading: file)
        } catch {
            if error.code == .romNoFlashMap { return nil }
            throw error
        }
    }

    private func show(_ rom: ROM) throws(ToolError) {
        let isFlashed = try rom.isFlashed
        var (lines, list): ([String], [JSON]) = ([], [])
        for file in try rom.files() {
            let role = isFlashed ? ROM.role(of: file.name) : nil
            lines.append(Inspect.text(file, role))
            list.append(Inspect.json(file, role))
        }
        try output.print(
            text: lines,
            json: .object([
                "schema": .string("sice.rom/1"), "flashed": .boolean(isFlashed), "files": .array(list),
            ]))
        if isFlashed { try rom.requireBootable() }
    }

    private static func text(_ file: ROM.File, _ role: ROM.Role?) -> String {
        let name = file.name.padding(toLength: max(file.name.count, 20), withPad: " ", startingAt: 0)
        let note = role.map { "  (\($0.rawValue))" } ?? ""
        return "\(name) \(Hex.encode(file.digest))  \(file.size) bytes\(note)"
    }

    private static func json(_ file: ROM.File, _ role: ROM.Role?) -> JSON {
        .object([
            "name": .string(file.name), "type": .integer(Int64(file.type)),
            "size": .integer(Int64(file.size)), "sha256": .string(Hex.encode(file.digest)),
            "role": role.map { JSON.string($0.rawValue) },
        ])
    }

    private static func text(_ image: ImageSummary) -> [String] {
        var lines = [
            "kind           \(image.kind.text)", "name           \(image.name)",
            "version        \(image.version)",
            "debug          \(image.isDebug)", "measurement    \(Hex.encode(image.measurement))",
            "file           \(image.fileSize) bytes", "private pages  \(image.privatePages)",
            "entry          \(image.entry.address)", "stack pointer  \(image.stackPointer.address)",
            "page tables    \(image.pageTableRoot.address)",
        ]
        if image.kind == .linuxGuest { lines.append("boot params    \(image.bootParameters.address)") }
        lines += image.regions.enumerated().map { "region \($0)       \($1.text)" }
        lines += image.windows.enumerated().map { "window \($0)       \($1.text)" }
        return lines
    }

    private static func json(_ image: ImageSummary) -> JSON {
        .object([
            "schema": .string("sice.image/1"), "kind": .string(image.kind.text), "name": .string(image.name),
            "version": .string(image.version),
            "debug": .boolean(image.isDebug), "measurement": .string(Hex.encode(image.measurement)),
            "size": .integer(Int64(image.fileSize)), "private_pages": .integer(Int64(image.privatePages)),
            "entry": .string(image.entry.address), "stack_pointer": .string(image.stackPointer.address),
            "page_table_root": .string(image.pageTableRoot.address),
            "boot_parameters": image.kind == .linuxGuest ? .string(image.bootParameters.address) : nil,
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

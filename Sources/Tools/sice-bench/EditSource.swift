internal import ArgumentParser
internal import Diagnostics
internal import SourceEdits

/// `sice-bench edit-source`: what `tools/emulator` does to QEMU's sources.
struct EditSource: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit-source",
        abstract: "Put the project's edits into the sources of another project, all of them or none.",
        discussion: "Example: sice-bench edit-source --edits tools/emulator-edits --source qemu")

    @Option(help: "Folder with the edits, files NAME.edit.")
    var edits: String

    @Option(help: "Folder of the sources, as they were unpacked.")
    var source: String

    func run() throws {
        for path in try SourceTree(source).apply(SourceEdit.read(folder: edits)) {
            StandardStreams.message("edited: \(path)")
        }
    }
}

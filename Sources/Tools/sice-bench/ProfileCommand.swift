internal import ArgumentParser
internal import Benchmarks
internal import Diagnostics

/// `sice-bench profile`: counts of addresses as counts of functions.
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Say which functions instructions were spent in, per sample.",
        discussion: "Example: sice-bench profile --symbols symbols --counts counts")

    @Option(help: "File with the functions' addresses, as nm prints them.")
    var symbols: String

    @Option(help: "File with what the emulator's plugin counted.")
    var counts: String

    @OptionGroup var output: TableOptions

    func run() throws {
        let texts = try [symbols, counts].map { (path) throws(ToolError) in
            String(decoding: try InputFile.read(path), as: UTF8.self)
        }
        let profile = try Profile(symbols: texts[0], counts: texts[1])
        try output.print(text: profile.text, json: profile.json)
    }
}

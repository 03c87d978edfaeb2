internal import ArgumentParser
internal import Diagnostics
internal import LegacyHost
internal import ManagerAccess

/// `sice create`
struct Create: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Load an isolated image into a new environment.",
        discussion: """
            Example: sice create signer.image
            Prints the environment's id. The image is measured while it is loaded; `-` reads it from standard input.
            """)

    @Argument(help: "An image made by `sice-attest build`.")
    var image: String

    func run() throws {
        var source = try FileSource(image)
        var bytes = ArraySource(try WholeImage.read(&source, name: image))
        let identifier = try HostSession.run { client throws(ToolError) in
            try client.create(&bytes, name: image)
        }
        do throws(ToolError) { try StandardStreams.result(String(identifier)) } catch {
            // It is there, and nobody else knows its id.
            throw ToolError(error.code, "\(error.detail); the environment is \(identifier)")
        }
    }
}

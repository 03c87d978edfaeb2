internal import ArgumentParser
internal import Diagnostics
internal import ImageBuilder
internal import StrictJSON

/// `sice-attest diff`
struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show which fields, regions and pages make two measurements differ.",
        discussion: """
            Example: sice-attest diff signer.image deployed.image
            Exit status 0 when the images are equal, 1 when they differ.
            """)

    @Argument(help: "An isolated image.")
    var first: String

    @Argument(help: "The image to compare it with.")
    var second: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        let difference = try ImageDifference(first, second)
        try output.print(text: Diff.text(difference), json: Diff.json(difference))
        if !difference.isEmpty { throw ExitCode(1) }
    }

    private static func text(_ difference: ImageDifference) -> [String] {
        if difference.isEmpty { return ["equal"] }
        return difference.fields.map { "\($0.name): \($0.first) | \($0.second)" }
            + difference.pages.map { part in
                let list = part.addresses.prefix(8).map(\.address).joined(separator: " ")
                let more = part.addresses.count > 8 ? " …" : ""
                return "region \(part.region): \(part.addresses.count) pages differ: \(list)\(more)"
            }
    }

    private static func json(_ difference: ImageDifference) -> JSON {
        .object([
            "schema": .string("sice.diff/1"), "equal": .boolean(difference.isEmpty),
            "fields": .array(
                difference.fields.map {
                    .object([
                        "name": .string($0.name), "first": .string($0.first), "second": .string($0.second),
                    ])
                }),
            "pages": .array(
                difference.pages.map { part in
                    .object([
                        "region": .integer(Int64(part.region)),
                        "addresses": .array(part.addresses.map { .string($0.address) }),
                    ])
                }),
        ])
    }
}
